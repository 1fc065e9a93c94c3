-- The queues that have ready jobs or are paused, by name: name, ready jobs, the earliest due_at, paused.
-- index: jobs_ready alone
SELECT queue, ready, due_at, queue IN (SELECT queue FROM paused_queues) FROM (
  SELECT queue, count(*) AS ready, min(due_at) AS due_at
  FROM jobs INDEXED BY jobs_ready WHERE state = 2 GROUP BY queue
  UNION ALL
  SELECT queue, 0, NULL FROM paused_queues AS paused
  WHERE NOT EXISTS (SELECT 1 FROM jobs INDEXED BY jobs_ready WHERE state = 2 AND jobs.queue = paused.queue)
)
ORDER BY queue
