-- Claims end.
DELETE FROM solid_queue_claimed_executions WHERE id IN {ids}
