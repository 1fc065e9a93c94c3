-- A permit is free again, up to the limit.
UPDATE solid_queue_semaphores SET value = value + 1, expires_at = ?, updated_at = ? WHERE {key} = ? AND value < ?
