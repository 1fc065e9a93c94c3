-- Adds recurring tasks whose keys are unknown. Returns the keys of those that were added.
-- 1 keys, each once, in their order, 2 jobs, 3 arguments, 4 versions, 5 queues, 6 priorities, 7 schedules, 8 zones,
-- 9 missed, 10 descriptions, 11 declared_at, 12 after, 13 last_tick, 14 last_job, 15 paused,
-- 16 expires_in
-- index: primary key
INSERT INTO {schema}.recurring_tasks
  (key, job, arguments, version, queue, priority, schedule, zone, missed, description, declared_at, after, last_tick,
   last_job, paused, expires_in)
SELECT new.key, job, arguments, version, queue, priority, schedule, zone, missed, description, declared_at, after,
       last_tick, last_job, paused, expires_in
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) WITH ORDINALITY
  AS new (key, job, arguments, version, queue, priority, schedule, zone, missed, description, declared_at, after,
          last_tick, last_job, paused, expires_in, n)
ORDER BY new.n
ON CONFLICT (key) DO NOTHING
RETURNING key
