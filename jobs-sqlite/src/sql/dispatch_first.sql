-- The scheduled jobs that are due first.
-- 1 limit
-- index: jobs_scheduled
SELECT seq, id, due_at FROM jobs INDEXED BY jobs_scheduled WHERE state = 0 ORDER BY due_at, seq LIMIT ?1
