-- A process is forgotten.
DELETE FROM solid_queue_processes WHERE id = ?
