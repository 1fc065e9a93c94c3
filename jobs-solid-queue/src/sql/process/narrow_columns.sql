-- How many columns refer to jobs by 32 bits, as tables of Solid Queue 0.8 in PostgreSQL do, and the highest number of a job.
SELECT COUNT(*), (SELECT COALESCE(MAX(id), 0)::bigint FROM solid_queue_jobs)
FROM pg_attribute
WHERE attname = 'job_id' AND atttypid = 'integer'::regtype AND attrelid IN (
  'solid_queue_ready_executions'::regclass, 'solid_queue_scheduled_executions'::regclass,
  'solid_queue_claimed_executions'::regclass, 'solid_queue_blocked_executions'::regclass,
  'solid_queue_failed_executions'::regclass
)
