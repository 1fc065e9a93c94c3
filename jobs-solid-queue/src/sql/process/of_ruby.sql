-- The workers of Ruby.
SELECT name, metadata FROM solid_queue_processes WHERE kind = 'Worker' AND name NOT LIKE ? ORDER BY id
