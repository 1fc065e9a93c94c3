-- Requests the cancellation of the current claim of a job, and removes the requests about claims that have ended. Returns the
-- process that has claimed the job; no row if it is not a known one.
-- 1 id
-- index: jobs_id, primary keys; scan of cancellations, a handful of rows
WITH running AS MATERIALIZED (
  SELECT id, claims, process FROM {schema}.jobs
  WHERE id = $1 AND process IN (SELECT id FROM {schema}.processes WHERE NOT lost)
),
requested AS (
  INSERT INTO {schema}.cancellations (job, claim) SELECT id, claims FROM running ON CONFLICT DO NOTHING
),
ended AS (
  DELETE FROM {schema}.cancellations AS request
  WHERE (SELECT jobs.process IS NOT NULL AND jobs.claims = request.claim FROM {schema}.jobs WHERE jobs.id = request.job)
    IS NOT TRUE
)
SELECT process FROM running
