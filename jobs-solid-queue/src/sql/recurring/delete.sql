-- A task is forgotten.
DELETE FROM solid_queue_recurring_tasks WHERE {key} = ?
