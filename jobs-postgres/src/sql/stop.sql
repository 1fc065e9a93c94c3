-- Forgets a process and gives back what it holds, without counting the attempts. Whether it had been given up as dead.
-- 1 id
-- index: primary keys; scan of jobs if the process ever claimed any, once in its life
WITH gone AS (
  DELETE FROM {schema}.processes WHERE id = $1 RETURNING lost
),
holder AS (
  DELETE FROM {schema}.holders WHERE process = $1
),
released AS (
  UPDATE {schema}.jobs SET process = NULL, attempts = greatest(attempts - 1, 0)
  WHERE process = $1 AND EXISTS (SELECT FROM {schema}.holders WHERE process = $1)
  RETURNING 1
)
SELECT coalesce((SELECT lost FROM gone), false), (SELECT pg_notify('{channel}', '') FROM released LIMIT 1)
