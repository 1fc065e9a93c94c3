-- How many jobs there are in each state that has a partial index, and in all.
-- index: each count runs over an index alone
SELECT (SELECT count(*) FROM jobs INDEXED BY jobs_scheduled WHERE state = 0),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 1),
       (SELECT count(*) FROM jobs INDEXED BY jobs_ready WHERE state = 2),
       (SELECT count(*) FROM jobs INDEXED BY jobs_claimed WHERE state = 3),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 4),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 6),
       (SELECT count(*) FROM jobs)
