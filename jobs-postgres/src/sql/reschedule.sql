-- Schedules ready or scheduled jobs for another time. Returns how many.
-- 1 now or NULL, 2 ids, 3 when it is due, or NULL, 4 then how long to wait
-- index: jobs_id
WITH moved AS (
  UPDATE {schema}.jobs
  SET state = 0, due_at = coalesce($3, coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) + $4)
  WHERE id = ANY ($2) AND state IN (0, 2) AND process IS NULL
  RETURNING 1
)
SELECT (SELECT count(*) FROM moved), (SELECT pg_notify('{channel}', '') FROM moved LIMIT 1)
