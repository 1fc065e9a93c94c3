-- Stores jobs.
INSERT INTO solid_queue_jobs
  (queue_name, class_name, arguments, priority, active_job_id, scheduled_at, concurrency_key, created_at, updated_at)
VALUES {rows}
