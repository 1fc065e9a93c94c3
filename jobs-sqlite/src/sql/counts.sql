-- The number of jobs in each state.
-- index: each count runs over a partial index alone; the number of finished jobs, which may be large, is stored
SELECT (SELECT count(*) FROM jobs INDEXED BY jobs_scheduled WHERE state = 0),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 1),
       (SELECT count(*) FROM jobs INDEXED BY jobs_ready WHERE state = 2),
       (SELECT count(*) FROM jobs INDEXED BY jobs_claimed WHERE state = 3),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 4),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 6),
       (SELECT count FROM finished WHERE id = 1)
