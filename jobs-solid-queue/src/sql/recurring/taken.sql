-- Whether a tick is taken.
SELECT job_id FROM solid_queue_recurring_executions WHERE task_key = ? AND run_at = ?
