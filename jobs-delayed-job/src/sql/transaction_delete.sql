-- Deletes a job in the transaction of the caller.
DELETE FROM {jobs} WHERE id = $1::bigint
