-- The first jobs that are due, not locked, each with its class if it has a concurrency limit.
SELECT s.id, CASE WHEN j.concurrency_key IS NOT NULL THEN j.class_name END
FROM (
  SELECT id, job_id, scheduled_at, priority FROM solid_queue_scheduled_executions {index index_solid_queue_dispatch_all}
  WHERE scheduled_at <= ? ORDER BY scheduled_at, priority, job_id LIMIT ?
) s
JOIN solid_queue_jobs j ON j.id = s.job_id
ORDER BY s.scheduled_at, s.priority, s.job_id
