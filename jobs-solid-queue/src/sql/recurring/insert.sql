-- A task that was not there. It is a dynamic one: a scheduler of Ruby deletes the static tasks that are not in its file.
{insert_ignore} INTO solid_queue_recurring_tasks
  ({key}, schedule, class_name, arguments, queue_name, priority, static, description, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {or_ignore}
