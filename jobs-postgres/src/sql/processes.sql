-- The known processes, the oldest first, with the number of jobs that each has claimed and the time of the first
-- of these claims.
-- index: none, the jobs that are not done are read once
WITH held AS (SELECT process, count(*) AS jobs, min(claimed_at) AS oldest FROM {schema}.jobs WHERE process IS NOT NULL GROUP BY process)
SELECT id, name, host, pid, phase, started_at, heartbeat_at, coalesce(held.jobs, 0), slow, details, held.oldest
FROM {schema}.processes LEFT JOIN held ON held.process = processes.id
WHERE NOT lost
ORDER BY started_at, id
