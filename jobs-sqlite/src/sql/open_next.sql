-- The order and seq of the ready jobs of a queue that come after one of its jobs.
-- 1 queue, 2 priority of that job, 3 its seq, 4 limit
-- index: jobs_ready
SELECT priority, seq FROM (
  SELECT priority, seq FROM jobs INDEXED BY jobs_ready
  WHERE state = 2 AND queue = ?1 AND priority = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4
)
UNION ALL
SELECT priority, seq FROM (
  SELECT priority, seq FROM jobs INDEXED BY jobs_ready
  WHERE state = 2 AND queue = ?1 AND priority < ?2 ORDER BY priority DESC, seq LIMIT ?4
)
LIMIT ?4
