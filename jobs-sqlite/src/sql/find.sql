-- One job.
-- 1 id
-- index: jobs_id
SELECT seq, id, name, queue, priority, state, arguments, version, meta, attempts, crashes, enqueued_at, due_at, process,
       done_at, unique_key, concurrency_key, batch_id, expires_at, waited_ms
FROM jobs WHERE id = ?1
