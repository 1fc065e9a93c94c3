-- A process is known from now on.
INSERT INTO solid_queue_processes (kind, last_heartbeat_at, pid, hostname, metadata, created_at, name)
VALUES ('Worker', ?, ?, ?, ?, ?, ?)
