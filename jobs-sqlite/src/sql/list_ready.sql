-- Ready jobs by id.
-- 1 id after which to begin, or NULL, 2 queue or NULL, 3 name or NULL, 4 limit, 5 state or NULL
-- index: jobs_ready, then a sort that keeps a page
SELECT seq, id, name, queue, priority, state, arguments, version, meta, attempts, crashes, enqueued_at, due_at, process,
       done_at, unique_key, concurrency_key, batch_id, expires_at
FROM jobs INDEXED BY jobs_ready
WHERE state = 2 AND id > coalesce(?1, x'') AND (?2 IS NULL OR queue = ?2) AND (?3 IS NULL OR name = ?3)
  AND (?5 IS NULL OR state = ?5)
ORDER BY id LIMIT ?4
