-- Writes the ticks of recurring tasks that were locked.
-- 1 keys, each once, 2 after, 3 last_tick, 4 last_job
-- index: primary key
UPDATE {schema}.recurring_tasks AS known
SET after = new.after, last_tick = new.last_tick, last_job = new.last_job
FROM unnest($1, $2, $3, $4) AS new (key, after, last_tick, last_job)
WHERE known.key = new.key COLLATE "C"
