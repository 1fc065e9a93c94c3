-- Jobs that are done, by id. The other conditions and the parameters are in `list_matching`, which follows.
-- 14 and 15 done from and until, or NULL
-- index: done_id or done_discarded
SELECT seq, id, name, queue, priority, state, CASE WHEN $13 THEN arguments ELSE '' END, version,
       CASE WHEN $13 THEN meta END, attempts, crashes, enqueued_at, due_at,
       NULL::bigint AS claimed_by, done_at, unique_key, concurrency_key, batch_id, expires_at, claimed_at
FROM {schema}.done AS looked_at
WHERE ($3 IS NULL OR state = $3) AND ($14 IS NULL OR done_at >= $14) AND ($15 IS NULL OR done_at < $15)
