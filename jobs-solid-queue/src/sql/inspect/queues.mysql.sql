-- The queues that have ready jobs, letter by letter, and when the job was due that became ready first.
SELECT q.name, q.jobs, MIN(j.scheduled_at)
FROM (
  SELECT CAST(queue_name AS BINARY) AS name, COUNT(*) AS jobs, MIN(created_at) AS first_at
  FROM solid_queue_ready_executions GROUP BY CAST(queue_name AS BINARY)
) q
JOIN solid_queue_ready_executions r ON CAST(r.queue_name AS BINARY) = q.name AND r.created_at = q.first_at
JOIN solid_queue_jobs j ON j.id = r.job_id
GROUP BY q.name, q.jobs
