-- The known processes, the oldest first, with the number of jobs that each has claimed and the time of the first of these claims.
-- index: jobs_claimed for the claims; scan of processes, a handful of rows
SELECT id, name, host, pid, phase, started_at, heartbeat_at,
       (SELECT count(*) FROM jobs INDEXED BY jobs_claimed WHERE state = 3 AND process = processes.id), slow, details,
       (SELECT CAST(min(due_at + waited_ms * 1000) AS INTEGER) FROM jobs INDEXED BY jobs_claimed
        WHERE state = 3 AND process = processes.id)
FROM processes WHERE lost = 0
ORDER BY started_at, id
