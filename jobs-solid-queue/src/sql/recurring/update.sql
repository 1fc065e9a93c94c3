-- A task of ours has changed.
UPDATE solid_queue_recurring_tasks
SET schedule = ?, class_name = ?, arguments = ?, queue_name = ?, priority = ?, static = ?, description = ?, updated_at = ?
WHERE {key} = ?
