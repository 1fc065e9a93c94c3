-- The jobs of a process whose claims are marked.
SELECT c.job_id, j.active_job_id
FROM solid_queue_processes p
JOIN solid_queue_claimed_executions c ON c.process_id = p.id
JOIN solid_queue_semaphores s ON s.{key} = 'jobs-rs/cancel/' || c.id
JOIN solid_queue_jobs j ON j.id = c.job_id
WHERE p.name = ?
