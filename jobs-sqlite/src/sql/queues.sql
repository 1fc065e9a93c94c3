-- The jobs of each queue, counted by state, and the earliest due_at of its ready ones; then the paused queues, with NULL
-- in place of a state. Finished and discarded jobs are not counted.
-- index: jobs_ready alone, jobs_waiting alone, jobs_claimed
SELECT queue, 2 AS state, count(*), min(due_at) FROM jobs INDEXED BY jobs_ready WHERE state = 2 GROUP BY queue
UNION ALL
SELECT queue, state, count(*), NULL FROM jobs INDEXED BY jobs_waiting
WHERE state = 0 OR state = 1 OR state = 4 GROUP BY queue, state
UNION ALL
SELECT queue, 3, count(*), NULL FROM jobs INDEXED BY jobs_claimed WHERE state = 3 GROUP BY queue
UNION ALL
SELECT queue, NULL, 0, NULL FROM paused_queues
