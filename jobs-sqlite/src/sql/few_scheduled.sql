-- Whether fewer jobs are scheduled than so many.
-- 1 how many
-- index: jobs_scheduled alone, no further than it counts
SELECT count(*) < ?1 FROM (SELECT 1 FROM jobs INDEXED BY jobs_scheduled WHERE state = 0 LIMIT ?1)
