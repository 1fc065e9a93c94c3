-- Removes jobs that were done long ago. Returns how many.
-- 1 now or NULL, 2 how long ago, 3 limit, 4 jobs that are left out, 5 the only job, or NULL for all
-- index: done_at, done_id, primary key of errors, finished_logs_done_at, unique_keys_expiring
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
old AS MATERIALIZED (
  SELECT ctid AS place FROM {schema}.done
  WHERE done_at <= (SELECT now FROM clock) - $2 AND id <> ALL ($4) AND ($5 IS NULL OR id = $5)
  ORDER BY done_at LIMIT $3 FOR UPDATE SKIP LOCKED
),
gone AS (
  DELETE FROM {schema}.done USING old WHERE done.ctid = old.place RETURNING done.id, done.state
),
forgotten AS (
  DELETE FROM {schema}.errors USING gone WHERE errors.job = gone.id
),
unlogged AS (
  DELETE FROM {schema}.finished_logs WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {schema}.finished_logs WHERE done_at <= (SELECT now FROM clock) - $2
    ORDER BY done_at LIMIT $3 FOR UPDATE SKIP LOCKED
  ))
),
-- An expired key has no holder, so more keys than jobs may be removed at once.
expired AS (
  DELETE FROM {schema}.unique_keys WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {schema}.unique_keys WHERE expires_at <= (SELECT now FROM clock)
    ORDER BY expires_at LIMIT 100000 FOR UPDATE SKIP LOCKED
  ))
),
counted AS (
  INSERT INTO {schema}.tallies (finished) SELECT -count(*) FROM gone WHERE state = 5 HAVING count(*) > 0
)
SELECT count(*) FROM gone
