-- The paused queues.
-- index: scan of paused_queues, a handful of rows
SELECT queue FROM paused_queues
