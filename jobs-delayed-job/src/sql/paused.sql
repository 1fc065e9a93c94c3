-- The paused queues.
SELECT name FROM {paused} ORDER BY name
