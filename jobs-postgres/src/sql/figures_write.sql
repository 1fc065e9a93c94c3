-- Writes figures of jobs in queues and steps, new or not.
-- 1 steps, 2 starts, 3 jobs, 4 queues, 5 attempts, 6 errors, 7 run, 8 wait
-- index: primary key
INSERT INTO {schema}.figures (step, start, job, queue, attempts, errors, run, wait)
SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (step, start, job, queue) DO UPDATE
SET attempts = excluded.attempts, errors = excluded.errors, run = excluded.run, wait = excluded.wait
