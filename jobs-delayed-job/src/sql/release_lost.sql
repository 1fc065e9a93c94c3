-- Releases the jobs of claims whose answers were lost.
UPDATE {jobs} SET locked_at = NULL, locked_by = NULL WHERE locked_by IN {ids} AND failed_at IS NULL
