-- The first ready jobs of a queue, not locked. Such queries of several queues are joined with UNION ALL.
SELECT id, priority, job_id FROM (
  SELECT r.id, r.priority, r.job_id FROM solid_queue_ready_executions r {index {poll_index}}
  WHERE {conditions} ORDER BY {order} LIMIT ?
) {name}
