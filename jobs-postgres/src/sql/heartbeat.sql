-- Records a heartbeat, and adds the process if it is unknown. Returns whether it had been given up as dead,
-- and the status in the row: one never goes back, so it may be the one that the process is asked for.
-- 1 now or NULL, 2 id, 3 name, 4 host, 5 pid, 6 phase, 7 slow jobs, 8 details
-- index: primary key
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
before AS MATERIALIZED (SELECT lost FROM {schema}.processes WHERE id = $2 FOR UPDATE),
beat AS (
  INSERT INTO {schema}.processes AS known (id, name, host, pid, phase, started_at, heartbeat_at, slow, details)
  -- Joined so that it is read before the row is written: afterwards it would not find it.
  SELECT $2, $3, $4, $5, $6, now, now, $7, $8 FROM clock LEFT JOIN before ON true
  ON CONFLICT (id) DO UPDATE
  SET name = excluded.name, host = excluded.host, pid = excluded.pid,
      phase = CASE WHEN known.phase = 'stopped' OR (known.phase = 'quiet' AND excluded.phase = 'running')
              THEN known.phase ELSE excluded.phase END,
      heartbeat_at = excluded.heartbeat_at, slow = excluded.slow, details = excluded.details, lost = false,
      started_at = CASE WHEN known.lost THEN excluded.started_at ELSE known.started_at END
  RETURNING phase
)
SELECT coalesce((SELECT lost FROM before), false), phase FROM beat
