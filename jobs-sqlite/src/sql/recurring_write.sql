-- Writes all columns of a recurring task, new or not.
-- 1 key, 2 job, 3 arguments, 4 version, 5 queue, 6 priority, 7 schedule, 8 zone, 9 missed, 10 description,
-- 11 declared_at, 12 after, 13 last_tick, 14 last_job, 15 paused, 16 expires_in
-- index: primary key
--
-- A column that only newer programs know keeps its value.
INSERT INTO recurring_tasks (key, job, arguments, version, queue, priority, schedule, zone, missed, description,
                             declared_at, after, last_tick, last_job, paused, expires_in)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
ON CONFLICT (key) DO UPDATE
SET job = ?2, arguments = ?3, version = ?4, queue = ?5, priority = ?6, schedule = ?7, zone = ?8, missed = ?9,
    description = ?10, declared_at = ?11, after = ?12, last_tick = ?13, last_job = ?14, paused = ?15, expires_in = ?16
