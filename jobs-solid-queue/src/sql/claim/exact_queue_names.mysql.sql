-- The names of the queues that have ready jobs, letter by letter. It reads all of them.
SELECT DISTINCT CAST(queue_name AS BINARY) FROM solid_queue_ready_executions
