-- Takes keys that are free. Returns for each key the job that holds it, and: 0 if the job is stored already, 1 if the
-- job took the key, 2 if a job holds the key, 3 if another transaction changed the key at the same time. After a 3 the
-- query must be repeated, with a new snapshot.
-- 1 now or NULL, 2 keys, each once, in their order, 3 jobs, 4 events or NULL, 5 for how long at most or NULL, 6 whether
-- the jobs are new; otherwise they are stored and to be retried. A list that is too short continues with NULL.
-- index: jobs_id, done_id, primary key of unique_keys
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
seen AS MATERIALIZED (
  SELECT asked.n, asked.key, asked.job, asked.until, clock.now + asked.lasting AS expires_at,
         $6 AND (EXISTS (SELECT FROM {schema}.jobs WHERE jobs.id = asked.job)
                 OR EXISTS (SELECT FROM {schema}.done WHERE done.id = asked.job)) AS known,
         last.job AS holder, last.taken,
         last.job IS NOT NULL AND coalesce(clock.now < last.expires_at, true)
           AND (last.until IS NULL OR EXISTS (
             SELECT FROM {schema}.jobs
             WHERE jobs.id = last.job AND jobs.state <> 4 AND (last.until <> 'start' OR jobs.claims = 0)
               -- An expired job that no process has is not run any more.
               AND (jobs.process IS NOT NULL OR coalesce(clock.now < jobs.expires_at, true)))) AS held
  FROM clock CROSS JOIN unnest($2, $3, $4, $5) WITH ORDINALITY AS asked (key, job, until, lasting, n)
  LEFT JOIN LATERAL (
    SELECT * FROM {schema}.unique_keys AS taken WHERE taken.key = asked.key COLLATE "C"
  ) AS last ON true
),
added AS (
  INSERT INTO {schema}.unique_keys (key, job, until, expires_at)
  SELECT key, job, until, expires_at FROM seen WHERE NOT known AND holder IS NULL ORDER BY n
  ON CONFLICT (key) DO NOTHING
  RETURNING key
),
taken_over AS (
  UPDATE {schema}.unique_keys AS mine
  SET job = seen.job, until = seen.until, expires_at = seen.expires_at, taken = mine.taken + 1
  FROM seen
  WHERE NOT seen.known AND seen.holder IS NOT NULL AND NOT seen.held
    AND mine.key = seen.key COLLATE "C" AND (mine.job, mine.taken) = (seen.holder, seen.taken)
  RETURNING mine.key
)
SELECT n::integer AS place,
       CASE WHEN known THEN 0 WHEN held THEN 2
            WHEN key IN (SELECT key FROM added UNION ALL SELECT key FROM taken_over) THEN 1 ELSE 3 END AS became,
       holder
FROM seen
