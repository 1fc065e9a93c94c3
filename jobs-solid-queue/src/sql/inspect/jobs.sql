-- Jobs with where they stand. The word before a JOIN is INNER for the table of a state that is asked for.
SELECT
  j.id, j.queue_name, j.class_name, j.arguments, j.priority, j.active_job_id, j.scheduled_at, j.finished_at,
  j.concurrency_key, j.created_at, j.updated_at,
  r.queue_name, r.priority, s.scheduled_at, b.job_id, c.job_id, c.process_id, p.name, f.job_id, f.error, f.created_at,
  c.created_at
FROM solid_queue_jobs j
{ready} JOIN solid_queue_ready_executions r ON r.job_id = j.id
{scheduled} JOIN solid_queue_scheduled_executions s ON s.job_id = j.id
{blocked} JOIN solid_queue_blocked_executions b ON b.job_id = j.id
{claimed} JOIN solid_queue_claimed_executions c ON c.job_id = j.id
LEFT JOIN solid_queue_processes p ON p.id = c.process_id
{failed} JOIN solid_queue_failed_executions f ON f.job_id = j.id
WHERE {conditions}
ORDER BY {position} {direction} LIMIT ?
