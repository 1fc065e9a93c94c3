-- The job that was done first, if that was long ago.
-- 1 now or NULL, 2 how long ago, 3 jobs that are left out
-- index: done_at
SELECT id FROM {schema}.done
WHERE done_at <= coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) - $2 AND id <> ALL ($3)
ORDER BY done_at LIMIT 1
