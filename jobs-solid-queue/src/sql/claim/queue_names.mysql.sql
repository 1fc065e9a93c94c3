-- The names of the queues that have ready jobs, letter by letter: the collation of the column takes `A` and `a` for one.
SELECT DISTINCT CAST(queue_name AS BINARY) FROM solid_queue_ready_executions
