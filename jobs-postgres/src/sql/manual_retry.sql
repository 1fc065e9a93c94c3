-- Makes failed, discarded or scheduled jobs ready, with no crashes counted. Returns how many.
-- 1 now or NULL, 2 ids
-- index: jobs_id, done_id
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
moved AS (
  UPDATE {schema}.jobs SET state = 2, due_at = clock.now, crashes = 0 FROM clock
  WHERE id = ANY ($2) AND state IN (0, 4)
  RETURNING 1
),
revived AS (
  DELETE FROM {schema}.done WHERE id = ANY ($2) AND state = 6 RETURNING *
),
returned AS (
  INSERT INTO {schema}.jobs
    (seq, id, claims, due_at, enqueued_at, expires_at, version, priority, attempts, state, queue, name, unique_key,
     concurrency_key, batch_id, meta, arguments)
  SELECT seq, id, claims, clock.now, enqueued_at, expires_at, version, priority, attempts, 2, queue, name, unique_key,
         concurrency_key, batch_id, meta, arguments
  FROM revived, clock
  RETURNING 1
),
ready AS (SELECT FROM moved UNION ALL SELECT FROM returned)
SELECT (SELECT count(*) FROM ready), (SELECT pg_notify('{channel}', '') FROM ready LIMIT 1)
