-- Claims from queues of these names, one after the other. A queue is read only if those before it did not give enough.
-- First row: nothing, and how many queues are paused. Then the claimed jobs, in no order.
-- 1 process, 2 limit, 3 names, each once
-- index: jobs_ready_in_queue, no further than it claims
WITH picked AS MATERIALIZED (
  SELECT job.place FROM unnest($3) WITH ORDINALITY AS wanted (queue, turn)
  CROSS JOIN LATERAL (
    SELECT ctid AS place FROM {schema}.jobs
    WHERE state = 2 AND process IS NULL AND queue = wanted.queue COLLATE "C"
      AND NOT EXISTS (SELECT FROM {schema}.paused_queues AS paused WHERE paused.queue = wanted.queue COLLATE "C")
    ORDER BY priority DESC, seq
    FOR UPDATE SKIP LOCKED
  ) AS job
  LIMIT $2
),
-- Says that the process holds jobs, and locks that until the claim is done: see `recover_holders`.
held AS MATERIALIZED (SELECT FROM {schema}.holders WHERE process = $1 FOR KEY SHARE),
registered AS (
  INSERT INTO {schema}.holders (process) SELECT $1 WHERE $2 > 0 AND NOT EXISTS (SELECT FROM held)
  ON CONFLICT (process) DO UPDATE SET process = excluded.process
),
taken AS (
  UPDATE {schema}.jobs SET process = $1, claims = claims + 1, attempts = attempts + 1
  FROM picked WHERE jobs.ctid = picked.place
  RETURNING seq, id, claims, attempts, crashes, priority, version, enqueued_at, due_at, queue, name, meta,
            arguments
)
SELECT ARRAY[]::integer[], (SELECT count(*) FROM {schema}.paused_queues),
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
UNION ALL
SELECT NULL, seq, id, claims, attempts, crashes, priority, version, enqueued_at, due_at, queue, name, meta, arguments
FROM taken
