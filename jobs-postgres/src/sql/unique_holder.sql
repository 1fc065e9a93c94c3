-- The job that holds a key, if one does.
-- 1 now or NULL, 2 key
-- index: jobs_id, primary key of unique_keys
SELECT last.job FROM {schema}.unique_keys AS last
WHERE last.key = $2 COLLATE "C"
  AND coalesce(coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) < last.expires_at, true)
  AND (last.until IS NULL OR EXISTS (
    SELECT FROM {schema}.jobs
    WHERE jobs.id = last.job AND jobs.state <> 4 AND (last.until <> 'start' OR jobs.claims = 0)))
