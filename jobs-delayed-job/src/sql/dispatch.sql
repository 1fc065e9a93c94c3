-- Makes jobs ready.
UPDATE {jobs} SET updated_at = ? WHERE id IN {ids}
