-- A permit is taken, if one is free.
UPDATE solid_queue_semaphores SET value = value - 1, expires_at = ?, updated_at = ? WHERE {key} = ? AND value > 0
