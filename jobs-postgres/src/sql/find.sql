-- One job with its errors, done or not.
-- 1 id
-- index: jobs_id, done_id, primary key of errors
SELECT seq, id, name, queue, priority, CASE WHEN process IS NULL THEN state ELSE 3::smallint END AS state, arguments,
       version, meta, attempts, crashes, enqueued_at, due_at, process AS claimed_by, NULL::bigint AS done_at,
       unique_key, concurrency_key, batch_id, expires_at,
       ARRAY(SELECT error FROM {schema}.errors WHERE job = jobs.id ORDER BY n) AS errors
FROM {schema}.jobs WHERE id = $1
UNION ALL
SELECT seq, id, name, queue, priority, state, arguments, version, meta, attempts, crashes, enqueued_at, due_at,
       NULL::bigint AS claimed_by, done_at, unique_key, concurrency_key, batch_id, expires_at,
       ARRAY(SELECT error FROM {schema}.errors WHERE job = done.id ORDER BY n) AS errors
FROM {schema}.done WHERE id = $1
