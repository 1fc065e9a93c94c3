-- The figures of a range from a step on, of all jobs and queues or of one.
-- 1 step, 2 first start, 3 job or NULL, 4 queue or NULL
-- index: primary key
SELECT step, start, job, queue, attempts, errors, run, wait FROM figures
WHERE step = ?1 AND start >= ?2 AND (?3 IS NULL OR job = ?3) AND (?4 IS NULL OR queue = ?4)
