-- Pauses a queue.
-- 1 queue
-- index: primary key
INSERT INTO paused_queues (queue) VALUES (?1) ON CONFLICT (queue) DO NOTHING
