-- The value of a mark.
SELECT value FROM solid_queue_semaphores WHERE {key} = ?
