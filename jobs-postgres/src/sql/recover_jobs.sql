-- Recovers jobs of dead processes: makes them ready, in their old order, or failed. The attempt stays counted, with its
-- error.
-- 1 ids, 2 crashes, 3 whether it is poisonous, 4 errors
-- index: jobs_id
WITH lost AS MATERIALIZED (SELECT * FROM unnest($1, $2, $3, $4) AS lost (id, crashes, poison, error)),
moved AS (
  UPDATE {schema}.jobs
  SET state = CASE WHEN lost.poison THEN 4 ELSE 2 END, process = NULL, claimed_at = NULL, crashes = lost.crashes
  FROM lost WHERE jobs.id = lost.id AND jobs.process IS NOT NULL
  RETURNING jobs.state
),
written AS (
  INSERT INTO {schema}.errors (job, error) SELECT id, error FROM lost
)
SELECT pg_notify('{channel}', '') FROM moved WHERE state = 2 LIMIT 1
