-- Removes recurring tasks. Returns a row for each that existed.
-- 1 keys
-- index: primary key
DELETE FROM {schema}.recurring_tasks WHERE key = ANY ($1) RETURNING 1
