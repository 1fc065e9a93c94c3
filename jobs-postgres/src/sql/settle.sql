-- Settles executions whose token is still valid. `settle_answer` follows, which returns the numbers of those in the list; or first
-- `settle_logs`.
-- 1 now or NULL, 2 ids, 3 processes, 4 claims, 5 kinds, 6 waits, 7 queues or NULL, 8 priorities or NULL, 9 metas,
-- 10 errors or NULL, 11 logs or NULL. Kinds: 0 finished and kept, 1 finished and removed, 2 discarded, 3 retried, 4 continued, 5 failed,
-- 6 released, 7 failed because it cannot be read. A list that is too short continues with NULL.
-- index: jobs_id, unique_keys_job, primary key of errors
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
settled AS MATERIALIZED (
  SELECT * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) WITH ORDINALITY
    AS settled (id, process, claim, kind, wait, queue, priority, meta, error, log, n)
),
-- The token is compared in this form so that the planner can use no index but that of the id.
left_over AS (
  DELETE FROM {schema}.jobs USING settled
  WHERE jobs.id = settled.id AND settled.kind <= 2
    AND (jobs.process, jobs.claims) IS NOT DISTINCT FROM (settled.process, settled.claim)
  RETURNING settled.n, settled.kind, jobs.seq, jobs.id, jobs.claims, jobs.due_at, jobs.enqueued_at, jobs.expires_at,
            jobs.version, jobs.priority, jobs.attempts, jobs.crashes, jobs.queue, jobs.name, jobs.unique_key,
            jobs.concurrency_key, jobs.batch_id, jobs.meta, jobs.arguments, jobs.claimed_at
),
kept AS (
  INSERT INTO {schema}.done
    (seq, id, claims, due_at, enqueued_at, expires_at, done_at, version, priority, attempts, crashes, state, queue,
     name, unique_key, concurrency_key, batch_id, meta, arguments, claimed_at)
  SELECT seq, id, claims, due_at, enqueued_at, expires_at, (SELECT now FROM clock), version, priority, attempts,
         crashes, CASE kind WHEN 0 THEN 5 ELSE 6 END, queue, name, unique_key, concurrency_key, batch_id, meta,
         arguments, CASE kind WHEN 0 THEN claimed_at END
  FROM left_over WHERE kind <> 1
),
counted AS (
  INSERT INTO {schema}.tallies (finished, total, discarded)
  SELECT count(*) FILTER (WHERE kind = 0), count(*) FILTER (WHERE kind < 2), count(*) FILTER (WHERE kind = 2)
  FROM left_over HAVING count(*) > 0
),
moved AS (
  UPDATE {schema}.jobs
  SET state = CASE WHEN settled.kind IN (3, 4) THEN 0 WHEN settled.kind = 6 THEN 2 ELSE 4 END,
      process = NULL, claimed_at = NULL,
      due_at = CASE WHEN settled.kind IN (3, 4) THEN (SELECT now FROM clock) + settled.wait ELSE jobs.due_at END,
      queue = coalesce(settled.queue, jobs.queue),
      priority = coalesce(settled.priority, jobs.priority),
      meta = CASE WHEN settled.kind IN (6, 7) THEN jobs.meta ELSE settled.meta END,
      attempts = CASE WHEN settled.kind IN (4, 6, 7) THEN greatest(jobs.attempts - 1, 0) ELSE jobs.attempts END
  FROM settled
  WHERE jobs.id = settled.id AND settled.kind > 2
    AND (jobs.process, jobs.claims) IS NOT DISTINCT FROM (settled.process, settled.claim)
  RETURNING settled.n, jobs.state, jobs.id, jobs.claims
),
written AS (
  INSERT INTO {schema}.errors (job, error, log)
  SELECT id, error, log FROM settled
  WHERE error IS NOT NULL AND (n IN (SELECT n FROM left_over) OR n IN (SELECT n FROM moved))
),
-- Of the errors of a job the first and the last are kept. The one that is added here is not seen yet. A job has at most as
-- many errors as it was claimed.
trimmed AS (
  DELETE FROM {schema}.errors WHERE ctid = ANY (ARRAY(
    SELECT middle.place FROM (
      SELECT n, id FROM left_over WHERE claims > {first_errors} + {last_errors}
      UNION ALL SELECT n, id FROM moved WHERE claims > {first_errors} + {last_errors}
    ) AS job
    CROSS JOIN LATERAL (
      SELECT ctid AS place FROM {schema}.errors
      WHERE errors.job = job.id
        AND errors.n > (SELECT e.n FROM {schema}.errors AS e WHERE e.job = job.id ORDER BY e.n LIMIT 1 OFFSET {first_errors} - 1)
      ORDER BY errors.n DESC LIMIT 1000 OFFSET {last_errors} - 1
    ) AS middle
    WHERE job.n IN (SELECT n FROM settled WHERE error IS NOT NULL)
  ))
),
-- Only a job that was claimed more than once can have errors.
forgotten AS (
  DELETE FROM {schema}.errors USING left_over
  WHERE left_over.kind = 1 AND left_over.claims > 1 AND errors.job = left_over.id
),
-- Keys that another transaction takes over at the same time are skipped.
unlocked AS (
  DELETE FROM {schema}.unique_keys WHERE ctid = ANY (ARRAY(
    SELECT mine.place FROM left_over
    CROSS JOIN LATERAL (
      SELECT ctid AS place FROM {schema}.unique_keys AS taken
      WHERE taken.job = left_over.id AND taken.until IS NOT NULL FOR UPDATE SKIP LOCKED
    ) AS mine
    WHERE left_over.unique_key IS NOT NULL
  ))
)
