-- A permit is free again, up to the limit.
UPDATE solid_queue_semaphores
SET value = value + 1, expires_at = CASE WHEN expires_at > ? THEN expires_at ELSE ? END, updated_at = ? WHERE {key} = ? AND value < ?
