-- Writes all columns of recurring tasks that were locked.
-- 1 keys, each once, 2 jobs, 3 arguments, 4 versions, 5 queues, 6 priorities, 7 schedules, 8 zones, 9 missed,
-- 10 descriptions, 11 declared_at, 12 after, 13 last_tick, 14 last_job, 15 paused,
-- 16 expires_in
-- index: primary key
UPDATE {schema}.recurring_tasks AS known
SET job = new.job, arguments = new.arguments, version = new.version, queue = new.queue, priority = new.priority,
    schedule = new.schedule, zone = new.zone, missed = new.missed, description = new.description,
    declared_at = new.declared_at, after = new.after, last_tick = new.last_tick, last_job = new.last_job,
    paused = new.paused, expires_in = new.expires_in
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
  AS new (key, job, arguments, version, queue, priority, schedule, zone, missed, description, declared_at, after,
          last_tick, last_job, paused, expires_in)
WHERE known.key = new.key COLLATE "C"
