-- Claims end whose tokens hold, of jobs without a limit, and their jobs are finished, as the statements for one step each write it.
-- Answers the claims.
WITH ended AS (
  DELETE FROM solid_queue_claimed_executions c USING unnest(?::bigint[], ?::text[], ?::text[]) AS t (claim, job, process)
  WHERE c.id = t.claim
    AND (SELECT j.active_job_id FROM solid_queue_jobs j WHERE j.id = c.job_id AND j.concurrency_key IS NULL) = t.job
    AND COALESCE((SELECT p.name FROM solid_queue_processes p WHERE p.id = c.process_id), t.process) = t.process
  RETURNING c.id, c.job_id
), failed_before AS (
  DELETE FROM solid_queue_failed_executions f USING ended WHERE f.job_id = ended.job_id
), finished AS (
  UPDATE solid_queue_jobs j SET finished_at = COALESCE(j.finished_at, ?), updated_at = COALESCE(j.finished_at, ?)
  FROM ended WHERE j.id = ended.job_id
)
SELECT id FROM ended
