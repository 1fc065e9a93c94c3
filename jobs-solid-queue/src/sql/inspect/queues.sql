-- The queues that have ready jobs, and when the job was due that became ready first: the one whose ready row has the lowest
-- number. The times at which Ruby made rows are in another zone in MySQL.
SELECT q.queue_name, q.jobs, j.scheduled_at
FROM (
  SELECT queue_name, COUNT(*) AS jobs, MIN(id) AS first_id FROM solid_queue_ready_executions GROUP BY queue_name
) q
JOIN solid_queue_ready_executions r ON r.id = q.first_id
JOIN solid_queue_jobs j ON j.id = r.job_id
