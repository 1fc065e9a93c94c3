-- The marks of paused tasks of Ruby.
SELECT {key} FROM solid_queue_semaphores WHERE {key} LIKE ?
