-- The scheduled job that is due first, if it is due now.
-- 1 now or NULL, 2 jobs that are left out
-- index: jobs_scheduled
SELECT id FROM {schema}.jobs
WHERE state = 0 AND due_at <= coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)
  AND id <> ALL ($2)
ORDER BY due_at, seq LIMIT 1
