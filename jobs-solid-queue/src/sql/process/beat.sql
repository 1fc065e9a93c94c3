-- A process is alive.
UPDATE solid_queue_processes SET last_heartbeat_at = ? WHERE id = ?
