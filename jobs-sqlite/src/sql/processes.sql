-- The known processes, the oldest first, with the number of jobs that each has claimed.
-- index: jobs_claimed for the numbers; scan of processes, a handful of rows
SELECT id, name, host, pid, phase, started_at, heartbeat_at,
       (SELECT count(*) FROM jobs INDEXED BY jobs_claimed WHERE state = 3 AND process = processes.id), slow, details
FROM processes WHERE lost = 0
ORDER BY started_at, id
