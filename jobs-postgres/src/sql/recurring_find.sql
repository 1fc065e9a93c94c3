-- Finds the recurring task of a key, and locks it until the transaction ends.
-- 1 key
-- index: primary key
SELECT key, job, arguments, version, queue, priority, schedule, zone, missed, description, declared_at, after,
       last_tick, last_job, paused
FROM {schema}.recurring_tasks WHERE key = $1 FOR UPDATE
