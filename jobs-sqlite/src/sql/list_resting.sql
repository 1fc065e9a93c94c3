-- Blocked, failed or discarded jobs by id.
-- 1 id after which to begin, or NULL, 2 queue or NULL, 3 name or NULL, 4 limit, 5 state or NULL
-- index: jobs_resting
SELECT seq, id, name, queue, priority, state, arguments, version, meta, attempts, crashes, enqueued_at, due_at, process,
       done_at, unique_key, concurrency_key, batch_id, expires_at
FROM jobs INDEXED BY jobs_resting
WHERE (state = 1 OR state = 4 OR state = 6) AND state = ?5 AND id > coalesce(?1, x'') AND (?2 IS NULL OR queue = ?2) AND (?3 IS NULL OR name = ?3)
  AND (?5 IS NULL OR state = ?5)
ORDER BY id LIMIT ?4
