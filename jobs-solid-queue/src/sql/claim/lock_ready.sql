-- Locks ready jobs that are still there and that no other program locks.
SELECT id FROM solid_queue_ready_executions {index PRIMARY} WHERE id IN {ids} ORDER BY priority, job_id LIMIT {limit} {skip_locked}
