-- Ends the pause of a queue.
DELETE FROM solid_queue_pauses WHERE queue_name = ?
