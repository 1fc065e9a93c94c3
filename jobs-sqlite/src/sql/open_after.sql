-- Ready jobs by queue, from the first job of the first queue whose name is greater than the given one.
-- 1 the name before, 2 limit
-- index: jobs_ready
SELECT queue, priority, seq FROM jobs INDEXED BY jobs_ready
WHERE state = 2 AND queue > ?1
ORDER BY queue, priority DESC, seq LIMIT ?2
