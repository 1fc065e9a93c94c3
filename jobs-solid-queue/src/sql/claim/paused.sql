-- The paused queues.
SELECT queue_name FROM solid_queue_pauses
