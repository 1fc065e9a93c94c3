-- Jobs wait for their time.
INSERT INTO solid_queue_scheduled_executions (job_id, queue_name, priority, scheduled_at, created_at)
SELECT id, queue_name, COALESCE(priority, 0), scheduled_at, ? FROM solid_queue_jobs WHERE id IN {ids} ORDER BY id
