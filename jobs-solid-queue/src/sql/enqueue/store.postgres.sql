-- Stores jobs that are not stored yet, ready or scheduled. Their numbers are in the order of the lists.
WITH new AS (
  INSERT INTO solid_queue_jobs
    (queue_name, class_name, arguments, priority, active_job_id, scheduled_at, concurrency_key, created_at, updated_at)
  SELECT queue_name, class_name, arguments, priority, active_job_id, scheduled_at, concurrency_key, created_at, created_at
  FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::timestamp[], ?::text[], ?::timestamp[])
    WITH ORDINALITY
    AS n (queue_name, class_name, arguments, priority, active_job_id, scheduled_at, concurrency_key, created_at, place)
  WHERE NOT EXISTS (SELECT 1 FROM solid_queue_jobs j WHERE j.active_job_id = n.active_job_id)
  ORDER BY place
  RETURNING id, queue_name, priority, scheduled_at, created_at
), ready AS (
  INSERT INTO solid_queue_ready_executions (job_id, queue_name, priority, created_at)
  SELECT id, queue_name, priority, created_at FROM new WHERE scheduled_at <= created_at ORDER BY id
)
INSERT INTO solid_queue_scheduled_executions (job_id, queue_name, priority, scheduled_at, created_at)
SELECT id, queue_name, priority, scheduled_at, created_at FROM new WHERE scheduled_at > created_at ORDER BY id
