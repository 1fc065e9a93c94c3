-- Makes jobs ready that are due, in the order in which they are due. Returns how many, when the next job is due, and
-- the current time.
-- 1 now or NULL, 2 limit, 3 jobs that are left out, 4 the only job, or NULL for all
-- index: jobs_scheduled, one job further than it moves
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
due AS MATERIALIZED (
  SELECT ctid AS place FROM {schema}.jobs
  WHERE state = 0 AND due_at <= (SELECT now FROM clock) AND id <> ALL ($3) AND ($4 IS NULL OR id = $4)
  ORDER BY due_at, seq LIMIT $2 FOR UPDATE SKIP LOCKED
),
moved AS (
  UPDATE {schema}.jobs SET state = 2 FROM due WHERE jobs.ctid = due.place RETURNING 1
)
SELECT (SELECT count(*) FROM moved),
       (SELECT due_at FROM {schema}.jobs WHERE state = 0 AND id <> ALL ($3)
        ORDER BY due_at, seq OFFSET (SELECT count(*) FROM due) LIMIT 1),
       (SELECT now FROM clock),
       (SELECT pg_notify('{channel}', '') FROM moved LIMIT 1)
