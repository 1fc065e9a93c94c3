-- The known processes, the oldest first, with the number of jobs that each has claimed.
-- index: none, the jobs that are not done are read once
WITH held AS (SELECT process, count(*) AS jobs FROM {schema}.jobs WHERE process IS NOT NULL GROUP BY process)
SELECT id, name, host, pid, phase, started_at, heartbeat_at, coalesce(held.jobs, 0), slow, details
FROM {schema}.processes LEFT JOIN held ON held.process = processes.id
WHERE NOT lost
ORDER BY started_at, id
