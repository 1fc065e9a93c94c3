-- Writes the figures of a job in a queue and a step, new or not.
-- 1 step, 2 start, 3 job, 4 queue, 5 attempts, 6 errors, 7 run, 8 wait
-- index: primary key
REPLACE INTO figures (step, start, job, queue, attempts, errors, run, wait) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
