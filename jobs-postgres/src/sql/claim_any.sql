-- Claims from all queues, unless a queue is paused: then nothing, and `claim_mixed` does it.
-- First row: nothing, and how many queues are paused. Then the claimed jobs, in no order.
-- 1 process, 2 limit
-- index: jobs_ready, no further than it claims
WITH picked AS MATERIALIZED (
  SELECT ctid AS place FROM {schema}.jobs WHERE state = 2 AND process IS NULL
  ORDER BY priority DESC, seq
  LIMIT CASE WHEN EXISTS (SELECT FROM {schema}.paused_queues) THEN 0 ELSE $2 END
  FOR UPDATE SKIP LOCKED
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
