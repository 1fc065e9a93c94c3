-- Jobs that are not done, by id. The other conditions and the parameters are in `list_matching`, which follows.
-- 14 process or NULL
-- index: jobs_id or jobs_resting; for few jobs of a state its partial index and then a sort that keeps a page
SELECT seq, id, name, queue, priority, CASE WHEN process IS NULL THEN state ELSE 3::smallint END AS state,
       CASE WHEN $13 THEN arguments ELSE '' END, version, CASE WHEN $13 THEN meta END, attempts, crashes, enqueued_at, due_at, process AS claimed_by, NULL::bigint AS done_at,
       unique_key, concurrency_key, batch_id, expires_at, claimed_at
FROM {schema}.jobs AS looked_at
WHERE ($3 IS NULL OR state = CASE $3 WHEN 3 THEN 2 ELSE $3 END AND (process IS NOT NULL) = ($3 = 3))
  AND ($14 IS NULL OR process = $14)
