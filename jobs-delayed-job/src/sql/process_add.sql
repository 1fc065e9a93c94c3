-- Registers a process.
INSERT INTO {processes} (name, host, pid, phase, started_at, heartbeat_at, slow, recovered_at, id)
VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)
