-- Jobs that are done, by id. The other conditions and the parameters are in `list_matching`, which follows.
-- 13 and 14 done from and until, or NULL
-- index: done_id or done_discarded
SELECT seq, id, name, queue, priority, state, arguments, version, meta, attempts, crashes, enqueued_at, due_at,
       NULL::bigint AS claimed_by, done_at, unique_key, concurrency_key, batch_id, expires_at,
       ARRAY(SELECT error FROM {schema}.errors WHERE job = looked_at.id ORDER BY n) AS errors
FROM {schema}.done AS looked_at
WHERE ($3 IS NULL OR state = $3) AND ($13 IS NULL OR done_at >= $13) AND ($14 IS NULL OR done_at < $14)
