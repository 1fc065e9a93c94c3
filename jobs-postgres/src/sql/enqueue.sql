-- Inserts jobs in their order. A job whose id exists is left unchanged, and a row whose id is NULL is skipped. Jobs
-- that are done already are removed again by `enqueue_undo_done`, in the same transaction.
-- 1 now or NULL, 2 ids, 3 times they are due or NULL, 4 waits, 5 priorities, 6 expiries, 7 versions, 8 queues, 9 names,
-- 10 unique keys, 11 concurrency keys, 12 batches, 13 metas, 14 arguments. A list that is too short continues with NULL.
-- In 4, 5, 7, 8 and 9 the first value stands for all missing ones.
-- index: jobs_id
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
added AS (
  INSERT INTO {schema}.jobs
    (id, state, due_at, enqueued_at, expires_at, version, priority, queue, name, unique_key, concurrency_key, batch_id,
     meta, arguments)
  SELECT new.id, CASE WHEN moment.due > clock.now THEN 0 ELSE 2 END, moment.due, clock.now, new.expires_at,
         coalesce(new.version, ($7)[1]), coalesce(new.priority, ($5)[1]), coalesce(new.queue, ($8)[1]),
         coalesce(new.name, ($9)[1]), new.unique_key, new.concurrency_key, new.batch_id, new.meta, new.arguments
  FROM clock
  CROSS JOIN unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) WITH ORDINALITY
    AS new (id, due_at, wait, priority, expires_at, version, queue, name, unique_key, concurrency_key, batch_id, meta,
            arguments, n)
  CROSS JOIN LATERAL (SELECT coalesce(new.due_at, clock.now + coalesce(new.wait, ($4)[1])) AS due) AS moment
  WHERE new.id IS NOT NULL
  ORDER BY new.n
  ON CONFLICT (id) DO NOTHING
  RETURNING 1
)
SELECT pg_notify('{channel}', '') FROM added LIMIT 1
