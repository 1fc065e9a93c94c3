-- Pauses a queue. Returns one row if it was not paused before.
-- 1 queue
-- index: primary key
INSERT INTO {schema}.paused_queues (queue) VALUES ($1) ON CONFLICT (queue) DO NOTHING RETURNING 1
