-- Recurring tasks, locked.
SELECT
  {key}, schedule, command, class_name, arguments, queue_name, priority, static, description, created_at, updated_at, NULL
FROM solid_queue_recurring_tasks WHERE {key} IN {ids} ORDER BY {key} {lock}
