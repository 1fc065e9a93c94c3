-- Schedules jobs that were just stored.
INSERT INTO solid_queue_scheduled_executions (job_id, queue_name, priority, scheduled_at, created_at)
SELECT id, queue_name, priority, scheduled_at, ? FROM solid_queue_jobs WHERE active_job_id IN {ids} ORDER BY id
