-- Discarded jobs that were done early enough to be forgotten.
-- 1 the last moment that counts as old, 2 limit
-- index: jobs_resting
SELECT seq FROM jobs INDEXED BY jobs_resting
WHERE (state = 1 OR state = 4 OR state = 6) AND state = 6 AND done_at <= ?1 LIMIT ?2
