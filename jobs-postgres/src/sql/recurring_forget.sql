-- Removes a recurring task. Returns one row if it existed.
-- 1 key
-- index: primary key
DELETE FROM {schema}.recurring_tasks WHERE key = $1 RETURNING 1
