-- Gives ready jobs to a process: they are claimed and ready no more. The answer is that of `claimed_jobs.sql`.
WITH taken AS (
  DELETE FROM solid_queue_ready_executions WHERE id = ANY (?) RETURNING id, job_id, queue_name, priority
), claimed AS (
  INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
  SELECT job_id, ?, ? FROM taken ORDER BY priority, job_id
  RETURNING id, job_id
)
SELECT c.id, r.id, r.queue_name, r.priority,
  j.id, j.queue_name, j.class_name, j.arguments, j.priority, j.active_job_id, j.scheduled_at, j.finished_at,
  j.concurrency_key, j.created_at, j.updated_at
FROM taken r
JOIN claimed c ON c.job_id = r.job_id
JOIN solid_queue_jobs j ON j.id = r.job_id
