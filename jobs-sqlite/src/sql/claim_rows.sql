-- The jobs of a range of seq that are ready, with the columns of claim_queue.
-- 1 first seq, 2 last seq
-- index: primary key; by jobs_ready, which statistics of a program's own ANALYZE suggest, all ready jobs would be searched
SELECT seq, id, claims, attempts, priority, version, enqueued_at, name, queue, meta, arguments, due_at, crashes,
       unique_key IS NOT NULL, expires_at
FROM jobs NOT INDEXED WHERE seq BETWEEN ?1 AND ?2 AND state = 2 ORDER BY seq
