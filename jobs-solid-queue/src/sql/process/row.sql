-- The row of a process, which stays until this transaction ends.
SELECT id FROM solid_queue_processes WHERE name = ? ORDER BY id LIMIT 1 {share}
