-- A job still runs that holds a permit.
UPDATE solid_queue_semaphores SET expires_at = ?, updated_at = ? WHERE {key} = ? AND expires_at < ?
