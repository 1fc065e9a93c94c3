-- Takes a mark away.
DELETE FROM solid_queue_semaphores WHERE {key} = ?
