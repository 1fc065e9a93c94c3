-- Writes what has changed of a job, and takes the lock off.
UPDATE {jobs}
SET priority = ?, attempts = ?, handler = ?, last_error = ?, run_at = ?, failed_at = ?, queue = ?, updated_at = ?,
    locked_at = NULL, locked_by = NULL
WHERE id = ?
