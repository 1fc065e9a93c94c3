-- If the clock was set back, silence is counted from now, not from a time in the future.
-- 1 now
-- index: scan of processes, a handful of rows
UPDATE processes SET heartbeat_at = ?1 WHERE heartbeat_at > ?1
