-- Stores many jobs in their order. If the id of one is there already it stores none of them, with an error.
-- index: jobs_id
COPY {schema}.jobs
  (id, state, due_at, enqueued_at, expires_at, version, priority, queue, name, concurrency_key, batch_id, meta, arguments)
FROM STDIN (FORMAT binary)
