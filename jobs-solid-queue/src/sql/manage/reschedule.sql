-- A scheduled job has another time. No row is changed if another program has made it ready.
UPDATE solid_queue_scheduled_executions SET scheduled_at = ? WHERE job_id = ?
