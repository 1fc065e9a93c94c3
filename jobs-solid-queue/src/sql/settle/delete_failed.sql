-- What a worker of an older Solid Queue wrote of jobs that are settled now.
DELETE FROM solid_queue_failed_executions WHERE job_id IN {ids}
