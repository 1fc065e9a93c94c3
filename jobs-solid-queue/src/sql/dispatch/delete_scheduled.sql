-- Jobs are scheduled no more.
DELETE FROM solid_queue_scheduled_executions WHERE id IN {ids}
