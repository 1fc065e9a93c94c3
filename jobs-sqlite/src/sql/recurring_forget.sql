-- Removes a recurring task.
-- 1 key
-- index: primary key
DELETE FROM recurring_tasks WHERE key = ?1
