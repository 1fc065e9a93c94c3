-- The claim of a job, with its process and what that says of itself.
SELECT c.id, c.process_id, p.name, p.metadata
FROM solid_queue_jobs j
JOIN solid_queue_claimed_executions c ON c.job_id = j.id
LEFT JOIN solid_queue_processes p ON p.id = c.process_id
WHERE j.active_job_id = ? OR j.id = ?
ORDER BY c.id DESC
