-- The queues that have ready jobs, letter by letter, and when the job was due that became ready first.
SELECT q.name, q.jobs, j.scheduled_at
FROM (
  SELECT CAST(queue_name AS BINARY) AS name, COUNT(*) AS jobs, MIN(id) AS first_id
  FROM solid_queue_ready_executions GROUP BY CAST(queue_name AS BINARY)
) q
JOIN solid_queue_ready_executions r ON r.id = q.first_id
JOIN solid_queue_jobs j ON j.id = r.job_id
