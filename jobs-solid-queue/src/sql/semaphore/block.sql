-- A job waits for a permit.
INSERT INTO solid_queue_blocked_executions (job_id, queue_name, priority, concurrency_key, expires_at, created_at)
SELECT id, queue_name, COALESCE(priority, 0), concurrency_key, ?, ? FROM solid_queue_jobs WHERE id = ?
