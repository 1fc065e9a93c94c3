-- The job that waits first for a permit of this key.
SELECT id, job_id FROM solid_queue_blocked_executions {index index_solid_queue_blocked_executions_for_release}
WHERE concurrency_key = ? ORDER BY priority, job_id LIMIT 1 {skip_locked}
