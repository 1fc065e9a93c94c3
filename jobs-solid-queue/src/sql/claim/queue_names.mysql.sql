-- One name of each queue that has ready jobs, one seek for each. The collation of the column takes `A` and `a` for one.
SELECT queue_name FROM solid_queue_ready_executions GROUP BY queue_name
