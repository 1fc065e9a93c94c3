-- Permits that were not given back in time are free again.
DELETE FROM solid_queue_semaphores WHERE expires_at < ?
