-- How many jobs stand where; of the finished ones, so many of the newest. A job that was discarded was changed after it had
-- finished.
SELECT
  (SELECT COUNT(*) FROM solid_queue_scheduled_executions),
  (SELECT COUNT(*) FROM solid_queue_blocked_executions),
  (SELECT COUNT(*) FROM solid_queue_ready_executions),
  (SELECT COUNT(*) FROM solid_queue_claimed_executions),
  (SELECT COUNT(*) FROM solid_queue_failed_executions),
  done.jobs, done.discarded
FROM (
  SELECT COUNT(*) AS jobs, COUNT(CASE WHEN updated_at > finished_at THEN 1 END) AS discarded
  FROM (
    SELECT finished_at, updated_at FROM solid_queue_jobs WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT ?
  ) newest
) done
