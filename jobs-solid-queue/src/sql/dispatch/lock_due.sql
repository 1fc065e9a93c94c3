-- Locks due jobs that are still there and that no other program locks.
SELECT id, job_id FROM solid_queue_scheduled_executions {index PRIMARY}
WHERE id IN {ids} ORDER BY scheduled_at, priority, job_id {skip_locked}
