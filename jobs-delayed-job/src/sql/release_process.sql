-- Releases all jobs that a process holds.
UPDATE {jobs} SET locked_at = NULL, locked_by = NULL WHERE locked_by LIKE ? AND failed_at IS NULL
