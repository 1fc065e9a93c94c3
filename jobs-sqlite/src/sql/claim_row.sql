-- One job by its seq, with the columns of claim_queue.
-- 1 seq
-- index: primary key
SELECT seq, id, claims, attempts, priority, version, enqueued_at, name, queue, meta, arguments, due_at, crashes,
       unique_key IS NOT NULL, expires_at
FROM jobs WHERE seq = ?1
