-- The recurring task of a key.
-- 1 key
-- index: primary key
SELECT key, job, arguments, version, queue, priority, schedule, zone, missed, description, declared_at, after,
       last_tick, last_job, paused, expires_in
FROM recurring_tasks WHERE key = ?1
