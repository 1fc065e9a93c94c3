-- When the next job is due.
SELECT scheduled_at FROM solid_queue_scheduled_executions ORDER BY scheduled_at LIMIT 1
