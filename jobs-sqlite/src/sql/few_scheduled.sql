-- Whether fewer jobs than this number are scheduled.
-- 1 the number
-- index: jobs_scheduled alone, no further than it counts
SELECT count(*) < ?1 FROM (SELECT 1 FROM jobs INDEXED BY jobs_scheduled WHERE state = 0 LIMIT ?1)
