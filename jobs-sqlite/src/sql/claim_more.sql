-- The order and seq of the next ready jobs of a queue, after those that were read already.
-- 1 queue, 2 limit, 3 how many were read
-- index: jobs_ready
SELECT priority, seq FROM jobs INDEXED BY jobs_ready
WHERE state = 2 AND queue = ?1
ORDER BY priority DESC, seq LIMIT ?2 OFFSET ?3
