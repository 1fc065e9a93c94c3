-- Takes a tick, unless another scheduler has taken it. One that is about to take it is waited for.
{insert_ignore} INTO solid_queue_recurring_executions (job_id, task_key, run_at, created_at) VALUES (?, ?, ?, ?) {or_ignore}
