-- Ends the pause of a queue.
-- 1 queue
-- index: primary key
DELETE FROM paused_queues WHERE queue = ?1
