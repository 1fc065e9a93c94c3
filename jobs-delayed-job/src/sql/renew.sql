-- Renews the locks of jobs.
UPDATE {jobs} SET locked_at = ? WHERE id IN {ids}
