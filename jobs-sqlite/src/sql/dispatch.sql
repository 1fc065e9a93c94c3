-- Makes jobs ready that are due, in the order in which they are due.
-- 1 now, 2 limit
-- index: jobs_scheduled
UPDATE jobs SET state = 2
WHERE seq IN (SELECT seq FROM jobs INDEXED BY jobs_scheduled
              WHERE state = 0 AND due_at <= ?1 ORDER BY due_at, seq LIMIT ?2)
