-- The ready jobs of one queue in the order in which they are claimed.
-- 1 queue, 2 limit
-- index: jobs_ready
SELECT seq, id, claims, attempts, priority, version, enqueued_at, name, queue, meta, arguments, due_at, crashes,
       unique_key IS NOT NULL, expires_at
FROM jobs INDEXED BY jobs_ready
WHERE state = 2 AND queue = ?1
ORDER BY priority DESC, seq LIMIT ?2
