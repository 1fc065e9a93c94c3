-- The known processes, the oldest first.
-- index: scan of processes, a handful of rows
SELECT id, name, host, pid, phase, started_at, heartbeat_at, 0::bigint, slow
FROM {schema}.processes WHERE NOT lost ORDER BY started_at, id
