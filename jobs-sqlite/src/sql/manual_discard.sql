-- Discards a job that is neither claimed nor done.
-- 1 id, 2 now
-- index: jobs_id
UPDATE jobs SET state = 6, done_at = ?2 WHERE id = ?1 AND state IN (0, 1, 2, 4)
