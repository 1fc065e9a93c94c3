-- What we know of a task of Ruby has changed.
UPDATE solid_queue_recurring_tasks SET description = ? WHERE {key} = ?
