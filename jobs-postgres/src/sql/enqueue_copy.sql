-- Inserts many jobs in their order. If one of the ids exists, it fails and inserts none of them.
-- index: jobs_id
COPY {schema}.jobs
  (id, state, due_at, enqueued_at, expires_at, version, priority, queue, name, concurrency_key, batch_id, meta, arguments)
FROM STDIN (FORMAT binary)
