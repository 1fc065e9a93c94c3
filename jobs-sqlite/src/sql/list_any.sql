-- Jobs in any state, by id. The other conditions and the parameters are in `list_matching`, which follows.
-- index: jobs_id
SELECT seq, id, name, queue, priority, state, CASE WHEN ?16 THEN arguments ELSE '' END, version,
       CASE WHEN ?16 THEN meta END, attempts, crashes, enqueued_at, due_at, process, done_at, unique_key, concurrency_key,
       batch_id, expires_at, CASE state WHEN 3 THEN waited_ms END AS waited_ms
FROM jobs INDEXED BY jobs_id
WHERE id > coalesce(?1, x'')
