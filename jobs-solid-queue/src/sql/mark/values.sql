-- The marks whose keys are like this, with their values.
SELECT {key}, value FROM solid_queue_semaphores WHERE {key} LIKE ?
