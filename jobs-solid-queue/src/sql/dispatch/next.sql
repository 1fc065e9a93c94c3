-- When the next job is due.
SELECT scheduled_at FROM solid_queue_scheduled_executions WHERE 1 = 1 {not_left_to_ruby} ORDER BY scheduled_at LIMIT 1
