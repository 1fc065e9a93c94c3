-- A dispatcher of Ruby that is alive.
SELECT id FROM solid_queue_processes WHERE kind = 'Dispatcher' AND last_heartbeat_at > ? LIMIT 1
