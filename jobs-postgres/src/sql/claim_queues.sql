-- Claims from queues of these names, one after the other. A queue is read only if those before it did not give enough.
-- First row: nothing, how many queues are paused, 1 if the process may hold jobs. Then the claimed jobs, in no order.
-- 1 process, 2 ticket, 3 limit, 4 names, each once
-- index: jobs_ready_in_queue, no further than it claims
-- Whether the process may hold jobs, by this ticket, and locks that until the claim is done: see `holder`.
WITH held AS MATERIALIZED (SELECT FROM {schema}.holders WHERE process = $1 AND since <= $2 FOR SHARE),
picked AS MATERIALIZED (
  SELECT job.place FROM unnest($4) WITH ORDINALITY AS wanted (queue, turn)
  CROSS JOIN LATERAL (
    SELECT ctid AS place FROM {schema}.jobs
    WHERE state = 2 AND process IS NULL AND queue = wanted.queue COLLATE "C"
      AND NOT EXISTS (SELECT FROM {schema}.paused_queues AS paused WHERE paused.queue = wanted.queue COLLATE "C")
    ORDER BY priority DESC, seq
    FOR UPDATE SKIP LOCKED
  ) AS job
  LIMIT CASE WHEN EXISTS (SELECT FROM held) THEN $3 ELSE 0 END
),
taken AS (
  UPDATE {schema}.jobs SET process = $1, ticket = $2, claims = claims + 1, attempts = attempts + 1
  FROM picked WHERE jobs.ctid = picked.place
  RETURNING seq, id, claims, attempts, crashes, priority, version, enqueued_at, due_at, queue, name, meta,
            arguments
)
SELECT ARRAY[]::integer[], (SELECT count(*) FROM {schema}.paused_queues),
       NULL, (SELECT count(*) FROM held), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
UNION ALL
SELECT NULL, seq, id, claims, attempts, crashes, priority, version, enqueued_at, due_at, queue, name, meta, arguments
FROM taken
