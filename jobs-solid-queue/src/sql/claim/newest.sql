-- The number of the newest ready row, by which a look sees that there are new ones.
SELECT MAX(id) FROM solid_queue_ready_executions
