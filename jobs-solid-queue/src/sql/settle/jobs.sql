-- Jobs with all that their rows say.
SELECT
  j.id, j.queue_name, j.class_name, j.arguments, j.priority, j.active_job_id, j.scheduled_at, j.finished_at,
  j.concurrency_key, j.created_at, j.updated_at
FROM solid_queue_jobs j WHERE j.id IN {ids}
