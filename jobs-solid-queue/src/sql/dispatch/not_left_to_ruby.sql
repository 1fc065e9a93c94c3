-- A condition on scheduled jobs: without a limit, or with one that is declared here.
AND NOT EXISTS (
  SELECT 1 FROM solid_queue_jobs j
  WHERE j.id = solid_queue_scheduled_executions.job_id AND j.concurrency_key IS NOT NULL AND NOT (1 = 1 {of_classes})
)
