-- Takes the mark of a paused task of Ruby away.
DELETE FROM solid_queue_semaphores WHERE {key} = ?
