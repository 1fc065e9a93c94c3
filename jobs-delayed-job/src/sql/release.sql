-- Releases jobs.
UPDATE {jobs} SET locked_at = NULL, locked_by = NULL WHERE id IN {ids}
