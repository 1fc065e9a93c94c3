-- The processes of Rust, the oldest first.
SELECT id, name, metadata, last_heartbeat_at FROM solid_queue_processes WHERE name LIKE ? ORDER BY created_at, id
