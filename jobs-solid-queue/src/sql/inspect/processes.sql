-- The processes of both sides, with how many jobs each holds and since when it holds the first of them.
SELECT
  p.id, p.name, p.kind, p.hostname, p.pid, p.metadata, p.created_at, p.last_heartbeat_at,
  (SELECT COUNT(*) FROM solid_queue_claimed_executions c WHERE c.process_id = p.id),
  (SELECT MIN(c.created_at) FROM solid_queue_claimed_executions c WHERE c.process_id = p.id)
FROM solid_queue_processes p ORDER BY p.created_at, p.id
