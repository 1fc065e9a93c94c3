-- The first ready job of the first queue whose name is not less than the given one. One seek, for any number of ready
-- jobs.
-- 1 the least name
-- index: jobs_ready
SELECT queue, priority, seq FROM jobs INDEXED BY jobs_ready
WHERE state = 2 AND queue >= ?1
ORDER BY queue, priority DESC, seq LIMIT 1
