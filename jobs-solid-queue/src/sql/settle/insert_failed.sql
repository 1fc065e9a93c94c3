-- Jobs have failed.
INSERT INTO solid_queue_failed_executions (job_id, error, created_at) VALUES {rows}
