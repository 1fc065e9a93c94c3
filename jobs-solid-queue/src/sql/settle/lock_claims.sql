-- The claims that hold, locked, with what says to whom they belong, and whether their jobs have a limit. No other table is locked.
SELECT c.id, c.job_id,
  (SELECT p.name FROM solid_queue_processes p WHERE p.id = c.process_id),
  (SELECT j.active_job_id FROM solid_queue_jobs j WHERE j.id = c.job_id),
  (SELECT COUNT(*) FROM solid_queue_failed_executions f WHERE f.job_id = c.job_id),
  (SELECT COUNT(j.concurrency_key) FROM solid_queue_jobs j WHERE j.id = c.job_id)
FROM solid_queue_claimed_executions c WHERE c.id IN {ids} ORDER BY c.id {lock}
