-- Inserts one job. A job whose id exists is left unchanged.
-- 1 id, 2 state (0 or 2), 3 priority, 4 due_at, 5 enqueued_at, 6 expires_at, 7 version, 8 queue, 9 name,
-- 10 unique_key, 11 concurrency_key, 12 batch_id, 13 meta, 14 arguments
-- index: jobs_id
INSERT INTO jobs (id, state, priority, due_at, enqueued_at, expires_at, version, queue, name,
                  unique_key, concurrency_key, batch_id, meta, arguments)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
ON CONFLICT (id) DO NOTHING
