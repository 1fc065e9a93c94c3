-- The next ready jobs of a queue or of all, locked.
SELECT r.id, r.job_id FROM solid_queue_ready_executions r {index {poll_index}}
WHERE {conditions}
ORDER BY {order} LIMIT ? {skip_locked}
