-- The first part of a statement that finishes jobs whose token is still valid and claims others. One of the parts
-- `from_*` and then `claim_rows` follow. Its parameters:
-- 1 process, 2 ticket, 3 limit, 4, 5 and 6 see `from_*`, 7 now or NULL, 8 ids, 9 claims, 10 whether to keep them
-- index: jobs_id, unique_keys_job
WITH RECURSIVE finished AS (
  DELETE FROM {schema}.jobs USING unnest($8, $9) WITH ORDINALITY AS settled (id, claim, n)
  -- Compared in this form so that the planner can use no index but that of the id.
  WHERE jobs.id = settled.id AND (jobs.process, jobs.claims) IS NOT DISTINCT FROM ($1, settled.claim)
  RETURNING settled.n, jobs.seq, jobs.id, jobs.claims, jobs.due_at, jobs.enqueued_at, jobs.expires_at, jobs.version,
            jobs.priority, jobs.attempts, jobs.crashes, jobs.queue, jobs.name, jobs.unique_key, jobs.concurrency_key,
            jobs.batch_id, jobs.meta, jobs.arguments, jobs.claimed_at
),
kept AS (
  INSERT INTO {schema}.done
    (seq, id, claims, due_at, enqueued_at, expires_at, done_at, version, priority, attempts, crashes, state, queue,
     name, unique_key, concurrency_key, batch_id, meta, arguments, claimed_at)
  SELECT seq, id, claims, due_at, enqueued_at, expires_at,
         coalesce($7, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint), version, priority, attempts,
         crashes, 5, queue, name, unique_key, concurrency_key, batch_id, meta, arguments, claimed_at
  FROM finished WHERE $10
),
counted AS (
  INSERT INTO {schema}.tallies (finished, total)
  SELECT count(*) FILTER (WHERE $10), count(*) FROM finished HAVING count(*) > 0
),
-- Only a job that was claimed more than once can have errors.
forgotten AS (
  DELETE FROM {schema}.errors USING finished
  WHERE NOT $10 AND finished.claims > 1 AND errors.job = finished.id
),
-- Keys that another transaction takes over at the same time are skipped.
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
