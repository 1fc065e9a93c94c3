-- Gives up the processes without a heartbeat since this time.
-- 1 the latest time that counts as silent
-- index: scan of processes, a handful of rows
UPDATE processes SET lost = 1 WHERE lost = 0 AND heartbeat_at < ?1 RETURNING id
