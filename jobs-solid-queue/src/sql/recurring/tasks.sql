-- All recurring tasks, with the last tick of each that left a job.
SELECT
  t.{key}, t.schedule, t.command, t.class_name, t.arguments, t.queue_name, t.priority, t.static, t.description,
  t.created_at, t.updated_at,
  (SELECT MAX(e.run_at) FROM solid_queue_recurring_executions e WHERE e.task_key = t.{key})
FROM solid_queue_recurring_tasks t ORDER BY t.{key}
