-- The last part of a statement that claims. First row: the numbers of the finished jobs in the list, 1 if the
-- process is a holder for this ticket, and 1 if this is a claim from all queues and 2,000 jobs of paused queues are ready
-- or claimed: to count them and to pass by them costs some 3 ms, as much as to go by 400 open queues. Then the claimed jobs,
-- in no order. The lock on the holder lasts until the claim ends: see `holder`.
-- index: jobs_ready, no further than it counts
held AS MATERIALIZED (SELECT FROM {schema}.holders WHERE process = $1 AND since <= $2 FOR SHARE),
taken AS (
  UPDATE {schema}.jobs SET process = $1, ticket = $2,
      claimed_at = coalesce($7, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint), claims = claims + 1, attempts = attempts + 1
  FROM picked WHERE jobs.ctid = picked.place
  RETURNING seq, id, claims, attempts, crashes, priority, version, enqueued_at, due_at, queue, name, meta,
            arguments, expires_at
),
few_paused AS MATERIALIZED (SELECT queue FROM {schema}.paused_queues LIMIT 400),
-- How many jobs of paused queues stand before others: 2,000 of 2,000 or more, and if nothing may be counted.
paused_jobs AS MATERIALIZED (
  -- Without the settings of our connections, behind some poolers, the plan would sort the whole backlog.
  SELECT CASE WHEN current_setting('enable_sort') = 'off' AND (SELECT count(*) < 400 FROM few_paused)
              THEN (SELECT count(*) FROM (
                SELECT FROM few_paused AS paused
                CROSS JOIN LATERAL (
                  SELECT FROM {schema}.jobs WHERE state = 2 AND jobs.queue = paused.queue
                  ORDER BY priority DESC, seq
                ) AS job
                LIMIT 2000
              ) AS counted)
              ELSE (SELECT 2000 * least(count(*), 1) FROM few_paused) END AS n
)
SELECT ARRAY(SELECT n::integer FROM finished), (SELECT count(*) FROM held), NULL,
       CASE WHEN $4 <> ARRAY[''] THEN 0 ELSE (SELECT n / 2000 FROM paused_jobs) END,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
UNION ALL
SELECT NULL, seq, id, claims, attempts, crashes, priority, version, enqueued_at, due_at, queue, name, meta, arguments,
       expires_at
FROM taken
