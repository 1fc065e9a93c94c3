-- What a process says of itself has changed.
UPDATE solid_queue_processes SET pid = ?, hostname = ?, metadata = ?, created_at = ? WHERE id = ?
