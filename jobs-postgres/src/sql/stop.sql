-- Removes a process. Returns whether it was a holder of jobs, and whether it had been given up as dead. If a claim of
-- it still runs, this waits for its end, so the next statement sees the jobs that it claimed.
-- 1 id
-- index: primary keys
WITH gone AS (
  DELETE FROM {schema}.processes WHERE id = $1 RETURNING lost
),
holder AS (
  DELETE FROM {schema}.holders WHERE process = $1 RETURNING 1
)
SELECT EXISTS (SELECT FROM holder), coalesce((SELECT lost FROM gone), false)
