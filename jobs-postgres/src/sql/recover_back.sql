-- Takes jobs from dead processes: to ready at their old place, or to failed with an error. The attempt stays counted.
-- 1 ids, 2 crashes, 3 errors or NULL
-- index: jobs_id
WITH lost AS MATERIALIZED (SELECT * FROM unnest($1, $2, $3) AS lost (id, crashes, error)),
moved AS (
  UPDATE {schema}.jobs
  SET state = CASE WHEN lost.error IS NULL THEN 2 ELSE 4 END, process = NULL, crashes = lost.crashes
  FROM lost WHERE jobs.id = lost.id AND jobs.process IS NOT NULL
  RETURNING jobs.state
),
written AS (
  INSERT INTO {schema}.errors (job, error) SELECT id, error FROM lost WHERE error IS NOT NULL
)
SELECT pg_notify('{channel}', '') FROM moved WHERE state = 2 LIMIT 1
