-- Marks that nobody took away in time are forgotten.
DELETE FROM solid_queue_semaphores WHERE {key} LIKE ? AND expires_at < ?
