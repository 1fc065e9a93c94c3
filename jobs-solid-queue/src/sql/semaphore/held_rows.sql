-- The limited jobs that processes of Rust run.
SELECT c.job_id FROM solid_queue_processes p
JOIN solid_queue_claimed_executions c ON c.process_id = p.id
JOIN solid_queue_jobs j ON j.id = c.job_id
WHERE p.name LIKE ? AND j.concurrency_key IS NOT NULL
