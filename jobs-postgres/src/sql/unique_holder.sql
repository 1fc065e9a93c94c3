-- The job that holds a key, if one does.
-- 1 now or NULL, 2 key
-- index: jobs_id, primary key of unique_keys
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now)
SELECT last.job FROM clock CROSS JOIN {schema}.unique_keys AS last
WHERE last.key = $2 COLLATE "C"
  AND coalesce(clock.now < last.expires_at, true)
  AND (last.until IS NULL OR EXISTS (
    SELECT FROM {schema}.jobs
    WHERE jobs.id = last.job AND jobs.state <> 4 AND (last.until <> 'start' OR jobs.claims = 0)
      -- An expired job that no process has is not run any more.
      AND (jobs.process IS NOT NULL OR coalesce(clock.now < jobs.expires_at, true))))
