-- What a process holds, locked, in the order of its claims.
SELECT id, job_id FROM solid_queue_claimed_executions WHERE process_id = ? ORDER BY id {lock}
