-- The registered processes, locked until the recovery is done.
SELECT id, name, host, pid, phase, started_at, heartbeat_at, recovered_at, slow FROM {processes}
ORDER BY started_at, id {lock}
