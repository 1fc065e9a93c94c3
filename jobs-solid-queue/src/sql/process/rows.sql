-- The rows of a process, locked.
SELECT id, metadata, created_at FROM solid_queue_processes WHERE name = ? ORDER BY id {lock}
