-- The jobs that are due, locked.
SELECT id, job_id FROM solid_queue_scheduled_executions {index index_solid_queue_dispatch_all}
WHERE scheduled_at <= ? ORDER BY scheduled_at, priority, job_id LIMIT ? {skip_locked}
