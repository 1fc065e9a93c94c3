-- Finds the recurring tasks of keys, and locks them in the order of their keys until the transaction ends.
-- 1 keys
-- index: primary key
SELECT key, job, arguments, version, queue, priority, schedule, zone, missed, description, declared_at, after,
       last_tick, last_job, paused, expires_in
FROM {schema}.recurring_tasks WHERE key = ANY ($1) ORDER BY key FOR UPDATE
