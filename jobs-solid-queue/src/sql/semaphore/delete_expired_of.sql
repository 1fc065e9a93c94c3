-- Permits of a key that were not given back in time are free again.
DELETE FROM solid_queue_semaphores WHERE {key} = ? AND expires_at < ?
