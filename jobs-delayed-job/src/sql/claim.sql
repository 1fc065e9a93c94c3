-- Claims jobs.
UPDATE {jobs} SET locked_at = ?, locked_by = ? WHERE id IN {ids}
