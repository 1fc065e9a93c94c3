-- Discarded jobs that were done early enough to be removed.
-- 1 the latest time that counts as old, 2 limit
-- index: jobs_resting
SELECT seq, id FROM jobs INDEXED BY jobs_resting
WHERE (state = 1 OR state = 4 OR state = 6) AND state = 6 AND done_at <= ?1 LIMIT ?2
