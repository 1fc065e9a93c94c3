-- The queues that have ready jobs, and when the job was due that became ready first.
SELECT q.queue_name, q.jobs, MIN(j.scheduled_at)
FROM (
  SELECT queue_name, COUNT(*) AS jobs, MIN(created_at) AS first_at FROM solid_queue_ready_executions GROUP BY queue_name
) q
JOIN solid_queue_ready_executions r ON r.queue_name = q.queue_name AND r.created_at = q.first_at
JOIN solid_queue_jobs j ON j.id = r.job_id
GROUP BY q.queue_name, q.jobs
