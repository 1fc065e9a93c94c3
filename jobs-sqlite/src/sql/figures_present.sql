-- The figures of one step.
-- 1 step, 2 start
-- index: primary key
SELECT step, start, job, queue, attempts, errors, run, wait FROM figures WHERE step = ?1 AND start = ?2
