-- Jobs that are not done, by id.
-- 1 id after which to begin, or NULL, 2 queue or NULL, 3 name or NULL, 4 limit, 5 state or NULL
-- index: jobs_id, or the partial index of the state and then a sort that keeps a page
SELECT seq, id, name, queue, priority, CASE WHEN process IS NULL THEN state ELSE 3::smallint END AS state, arguments,
       version, meta, attempts, crashes, enqueued_at, due_at, process AS claimed_by, NULL::bigint AS done_at,
       unique_key, concurrency_key, batch_id, expires_at,
       ARRAY(SELECT error FROM {schema}.errors WHERE job = jobs.id ORDER BY n) AS errors
FROM {schema}.jobs
WHERE ($1 IS NULL OR id > $1) AND ($2 IS NULL OR queue = $2) AND ($3 IS NULL OR name = $3)
  AND ($5 IS NULL OR state = CASE $5 WHEN 3 THEN 2 ELSE $5 END AND (process IS NOT NULL) = ($5 = 3))
ORDER BY id LIMIT $4
