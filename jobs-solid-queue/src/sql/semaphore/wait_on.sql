-- Jobs wait on for a permit.
UPDATE solid_queue_blocked_executions SET expires_at = ? WHERE concurrency_key = ? AND expires_at < ?
