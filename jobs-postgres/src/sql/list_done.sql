-- Jobs that are done, by id.
-- 1 id after which to begin, or NULL, 2 queue or NULL, 3 name or NULL, 4 limit, 5 state or NULL
-- index: done_id, or done_discarded
SELECT seq, id, name, queue, priority, state, arguments, version, meta, attempts, crashes, enqueued_at, due_at,
       NULL::bigint AS claimed_by, done_at, unique_key, concurrency_key, batch_id, expires_at,
       ARRAY(SELECT error FROM {schema}.errors WHERE job = done.id ORDER BY n) AS errors
FROM {schema}.done
WHERE ($1 IS NULL OR id > $1) AND ($2 IS NULL OR queue = $2) AND ($3 IS NULL OR name = $3)
  AND ($5 IS NULL OR state = $5)
ORDER BY id LIMIT $4
