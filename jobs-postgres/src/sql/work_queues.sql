-- Finishes jobs whose token holds and claims others from queues of these names, one after the other.
-- First row: the places of the finished jobs in the list, how many queues are paused, 1 if the process
-- may hold jobs. Then the claimed jobs.
-- 1 process, 2 ticket, 3 limit, 4 names, each once, 5 ids, 6 claims, 7 whether to keep them, 8 now or NULL
-- index: jobs_id, unique_keys_job, jobs_ready_in_queue, no further than it claims
WITH finished AS (
  DELETE FROM {schema}.jobs USING unnest($5, $6) WITH ORDINALITY AS settled (id, claim, n)
  -- Said so that no other index than that of the id comes to mind.
  WHERE jobs.id = settled.id AND (jobs.process, jobs.claims) IS NOT DISTINCT FROM ($1, settled.claim)
  RETURNING settled.n, jobs.seq, jobs.id, jobs.claims, jobs.due_at, jobs.enqueued_at, jobs.expires_at, jobs.version,
            jobs.priority, jobs.attempts, jobs.crashes, jobs.queue, jobs.name, jobs.unique_key, jobs.concurrency_key,
            jobs.batch_id, jobs.meta, jobs.arguments
),
kept AS (
  INSERT INTO {schema}.done
    (seq, id, claims, due_at, enqueued_at, expires_at, done_at, version, priority, attempts, crashes, state, queue,
     name, unique_key, concurrency_key, batch_id, meta, arguments)
  SELECT seq, id, claims, due_at, enqueued_at, expires_at,
         coalesce($8, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint), version, priority, attempts,
         crashes, 5, queue, name, unique_key, concurrency_key, batch_id, meta, arguments
  FROM finished WHERE $7
),
counted AS (
  INSERT INTO {schema}.tallies (finished, total)
  SELECT count(*) FILTER (WHERE $7), count(*) FROM finished HAVING count(*) > 0
),
-- Whoever has errors has been claimed before.
forgotten AS (
  DELETE FROM {schema}.errors USING finished
  WHERE NOT $7 AND finished.claims > 1 AND errors.job = finished.id
),
-- Keys that somebody takes over at this moment are left to them.
unlocked AS (
  DELETE FROM {schema}.unique_keys WHERE ctid = ANY (ARRAY(
    SELECT mine.place FROM finished
    CROSS JOIN LATERAL (
      SELECT ctid AS place FROM {schema}.unique_keys AS taken
      WHERE taken.job = finished.id AND taken.until IS NOT NULL FOR UPDATE SKIP LOCKED
    ) AS mine
    WHERE finished.unique_key IS NOT NULL
  ))
),
-- Whether the process may hold jobs, by this ticket, and locks that until the claim is done: see `holder`.
held AS MATERIALIZED (SELECT FROM {schema}.holders WHERE process = $1 AND since <= $2 FOR SHARE),
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
SELECT ARRAY(SELECT n::integer FROM finished), (SELECT count(*) FROM {schema}.paused_queues),
       NULL, (SELECT count(*) FROM held), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
UNION ALL
SELECT NULL, seq, id, claims, attempts, crashes, priority, version, enqueued_at, due_at, queue, name, meta, arguments
FROM taken
