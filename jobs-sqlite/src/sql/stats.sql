-- The number of jobs in each state but ready, and the stored totals: finished jobs that are kept, then all that were
-- ever enqueued, finished, discarded, and all errors.
-- index: each count runs over a partial index alone, and the others are stored
SELECT (SELECT count(*) FROM jobs INDEXED BY jobs_scheduled WHERE state = 0),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 1),
       (SELECT count(*) FROM jobs INDEXED BY jobs_claimed WHERE state = 3),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 4),
       (SELECT count(*) FROM jobs INDEXED BY jobs_resting
        WHERE (state = 1 OR state = 4 OR state = 6) AND state = 6),
       finished.count, wakeups.enqueued, finished.total, finished.discarded, finished.errors
FROM finished, wakeups WHERE finished.id = 1 AND wakeups.id = 1
