-- Removes processes that were given up so long ago that they will not come back.
-- 1 the latest time that counts as long ago
-- index: scan of processes, a handful of rows
DELETE FROM processes WHERE lost = 1 AND heartbeat_at < ?1
