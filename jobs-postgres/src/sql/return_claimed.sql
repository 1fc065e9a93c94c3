-- Releases the jobs that a process claimed with these tickets, or all its jobs, without counting the attempts.
-- 1 process, 2 tickets or NULL for all
-- index: none, the jobs are read once for each loss
WITH returned AS (
  UPDATE {schema}.jobs SET process = NULL, claimed_at = NULL, attempts = greatest(attempts - 1, 0)
  WHERE process = $1 AND ($2 IS NULL OR ticket = ANY ($2))
  RETURNING 1
)
SELECT pg_notify('{channel}', '') FROM returned LIMIT 1
