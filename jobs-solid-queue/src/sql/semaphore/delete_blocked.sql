-- A job waits for no permit any more.
DELETE FROM solid_queue_blocked_executions WHERE id = ?
