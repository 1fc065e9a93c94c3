-- Discards jobs that are neither claimed nor done. Returns how many.
-- 1 now or NULL, 2 ids
-- index: jobs_id, unique_keys_job
WITH dropped AS (
  DELETE FROM {schema}.jobs WHERE id = ANY ($2) AND process IS NULL RETURNING *
),
-- Keys that another transaction takes over at the same time are skipped.
unlocked AS (
  DELETE FROM {schema}.unique_keys WHERE ctid = ANY (ARRAY(
    SELECT mine.place FROM dropped
    CROSS JOIN LATERAL (
      SELECT ctid AS place FROM {schema}.unique_keys AS taken
      WHERE taken.job = dropped.id AND taken.until IS NOT NULL FOR UPDATE SKIP LOCKED
    ) AS mine
    WHERE dropped.unique_key IS NOT NULL
  ))
),
kept AS (
  INSERT INTO {schema}.done
    (seq, id, claims, due_at, enqueued_at, expires_at, done_at, version, priority, attempts, crashes, state, queue,
     name, unique_key, concurrency_key, batch_id, meta, arguments)
  SELECT seq, id, claims, due_at, enqueued_at, expires_at,
         coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint), version, priority, attempts,
         crashes, 6, queue, name, unique_key, concurrency_key, batch_id, meta, arguments
  FROM dropped
),
counted AS (
  INSERT INTO {schema}.tallies (finished, discarded) SELECT 0, count(*) FROM dropped HAVING count(*) > 0
)
SELECT count(*) FROM dropped
