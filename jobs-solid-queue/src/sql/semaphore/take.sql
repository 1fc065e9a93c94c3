-- A permit is taken, if one is free. It is held as long as one that another program took.
UPDATE solid_queue_semaphores
SET value = value - 1, expires_at = CASE WHEN expires_at > ? THEN expires_at ELSE ? END, updated_at = ? WHERE {key} = ? AND value > 0
