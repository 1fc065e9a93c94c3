-- The jobs are ready no more.
DELETE FROM solid_queue_ready_executions WHERE id IN {ids}
