-- Writes all columns of a recurring task that was locked.
-- 1 key, 2 job, 3 arguments, 4 version, 5 queue, 6 priority, 7 schedule, 8 zone, 9 missed, 10 description,
-- 11 declared_at, 12 after, 13 last_tick, 14 last_job, 15 paused
-- index: primary key
UPDATE {schema}.recurring_tasks
SET job = $2, arguments = $3, version = $4, queue = $5, priority = $6, schedule = $7, zone = $8, missed = $9,
    description = $10, declared_at = $11, after = $12, last_tick = $13, last_job = $14, paused = $15
WHERE key = $1
