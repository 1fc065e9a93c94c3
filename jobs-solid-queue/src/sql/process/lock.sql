-- A process with its last heartbeat, if no other program looks after it now.
SELECT last_heartbeat_at FROM solid_queue_processes WHERE id = ? {skip_locked}
