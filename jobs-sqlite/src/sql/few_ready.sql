-- Whether fewer jobs than this number are ready.
-- 1 the number
-- index: jobs_ready alone, no further than it counts
SELECT count(*) < ?1 FROM (SELECT 1 FROM jobs INDEXED BY jobs_ready WHERE state = 2 LIMIT ?1)
