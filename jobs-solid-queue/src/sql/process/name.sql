-- The name of the process of this row.
SELECT name FROM solid_queue_processes WHERE id = ?
