-- Jobs are ready.
{insert_ignore} INTO solid_queue_ready_executions (job_id, queue_name, priority, created_at)
SELECT id, queue_name, COALESCE(priority, 0), ? FROM solid_queue_jobs WHERE id IN {ids} {or_ignore}
