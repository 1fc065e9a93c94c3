-- Claimed jobs by id; there are few. The other conditions and the parameters are in `list_matching`, which follows.
-- index: jobs_claimed, then a sort that keeps a page
SELECT seq, id, name, queue, priority, state, CASE WHEN ?16 THEN arguments ELSE '' END, version,
       CASE WHEN ?16 THEN meta END, attempts, crashes, enqueued_at, due_at, process, done_at, unique_key, concurrency_key,
       batch_id, expires_at, waited_ms
FROM jobs INDEXED BY jobs_claimed
WHERE state = 3 AND id > coalesce(?1, x'')
