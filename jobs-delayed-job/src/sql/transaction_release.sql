-- Releases a job in the transaction of the caller.
UPDATE {jobs} SET locked_at = NULL, locked_by = NULL WHERE id = $1::bigint
