-- Forgets a recurring task. One row if it was there.
-- 1 key
-- index: primary key
DELETE FROM {schema}.recurring_tasks WHERE key = $1 RETURNING 1
