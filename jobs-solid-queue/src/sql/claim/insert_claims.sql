-- Gives ready jobs to a process.
INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
SELECT job_id, ?, ? FROM solid_queue_ready_executions {index PRIMARY} WHERE id IN {ids} ORDER BY priority, job_id
