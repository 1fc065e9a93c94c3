-- The names of the queues that have ready jobs, one seek for each.
WITH RECURSIVE found (queue_name) AS (
  SELECT (SELECT r.queue_name FROM solid_queue_ready_executions r ORDER BY r.queue_name LIMIT 1)
  UNION ALL
  SELECT (SELECT r.queue_name FROM solid_queue_ready_executions r WHERE r.queue_name > found.queue_name
          ORDER BY r.queue_name LIMIT 1)
  FROM found WHERE found.queue_name IS NOT NULL
)
SELECT queue_name FROM found WHERE queue_name IS NOT NULL
