-- When the next job is due after a time.
SELECT scheduled_at FROM solid_queue_scheduled_executions WHERE scheduled_at > ? ORDER BY scheduled_at LIMIT 1
