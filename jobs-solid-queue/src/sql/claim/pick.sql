-- The next ready jobs, locked.
SELECT r.id, r.job_id FROM solid_queue_ready_executions r {poll_index}
WHERE {conditions}
ORDER BY r.priority, r.job_id LIMIT ? {skip_locked}
