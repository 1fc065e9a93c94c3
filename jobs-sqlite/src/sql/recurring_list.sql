-- All recurring tasks in the order of their keys. There are few: those that programs declare.
-- index: primary key
SELECT key, job, arguments, version, queue, priority, schedule, zone, missed, description, declared_at, after,
       last_tick, last_job, paused, expires_in
FROM recurring_tasks ORDER BY key
