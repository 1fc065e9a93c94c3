-- Gives up the processes that have been silent for too long. Returns their ids, and in each row the current time. If
-- the clock was set back, silence is counted from now. Processes that were given up long ago are removed.
-- 1 now or NULL, 2 how long is too long, 3 how long is long ago
-- index: scan of processes, a handful of rows
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
silent AS (
  UPDATE {schema}.processes SET lost = true FROM clock
  WHERE NOT lost AND heartbeat_at < clock.now - $2
  RETURNING id
),
clamped AS (
  UPDATE {schema}.processes SET heartbeat_at = clock.now FROM clock WHERE heartbeat_at > clock.now
),
forgotten AS (
  DELETE FROM {schema}.processes USING clock WHERE lost AND heartbeat_at < clock.now - $3
)
SELECT NULL, now FROM clock UNION ALL SELECT id, now FROM silent, clock
