-- Which rows are held, by whom and since when.
SELECT id, locked_by, locked_at FROM {jobs} WHERE locked_at IS NOT NULL AND failed_at IS NULL ORDER BY id
