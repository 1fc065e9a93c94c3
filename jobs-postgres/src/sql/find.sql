-- One job, done or not, without its errors.
-- 1 id
-- index: jobs_id, done_id
SELECT seq, id, name, queue, priority, CASE WHEN process IS NULL THEN state ELSE 3::smallint END AS state, arguments,
       version, meta, attempts, crashes, enqueued_at, due_at, process AS claimed_by, NULL::bigint AS done_at,
       unique_key, concurrency_key, batch_id, expires_at, claimed_at
FROM {schema}.jobs WHERE id = $1
UNION ALL
SELECT seq, id, name, queue, priority, state, arguments, version, meta, attempts, crashes, enqueued_at, due_at,
       NULL::bigint AS claimed_by, done_at, unique_key, concurrency_key, batch_id, expires_at, claimed_at
FROM {schema}.done WHERE id = $1
