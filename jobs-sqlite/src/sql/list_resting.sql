-- Blocked, failed or discarded jobs, by id. The other conditions and the parameters are in `list_matching`, which
-- follows.
-- index: jobs_resting
SELECT seq, id, name, queue, priority, state, CASE WHEN ?16 THEN arguments ELSE '' END, version,
       CASE WHEN ?16 THEN meta END, attempts, crashes, enqueued_at, due_at, process, done_at, unique_key, concurrency_key,
       batch_id, expires_at, NULL AS waited_ms
FROM jobs INDEXED BY jobs_resting
WHERE (state = 1 OR state = 4 OR state = 6) AND state = ?3 AND id > coalesce(?1, x'')
