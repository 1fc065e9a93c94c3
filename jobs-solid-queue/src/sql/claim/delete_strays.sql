-- Jobs that are claimed are not ready too: a claim of them would break on the unique index, again and again.
DELETE FROM solid_queue_ready_executions WHERE job_id IN (SELECT job_id FROM solid_queue_claimed_executions)
