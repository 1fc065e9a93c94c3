-- The claimed jobs whose ready rows are still there, with the claims. The ready row decides queue and priority.
SELECT c.id, r.id, r.queue_name, r.priority,
  j.id, j.queue_name, j.class_name, j.arguments, j.priority, j.active_job_id, j.scheduled_at, j.finished_at,
  j.concurrency_key, j.created_at, j.updated_at
FROM solid_queue_ready_executions r {index PRIMARY}
JOIN solid_queue_claimed_executions c ON c.job_id = r.job_id
JOIN solid_queue_jobs j ON j.id = r.job_id
WHERE r.id IN {ids}
