-- Locks a row in the transaction of the caller, and says by which claim it is held.
SELECT COALESCE(locked_by, '') AS answer FROM {jobs} WHERE id = $1::bigint FOR UPDATE
