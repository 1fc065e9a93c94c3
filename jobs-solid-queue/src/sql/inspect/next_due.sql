-- When the scheduled job is due that is next.
SELECT MIN(scheduled_at) FROM solid_queue_scheduled_executions
