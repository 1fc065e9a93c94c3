-- Claims from all queues with one prefix, merged by priority and age. Up to eight queues are merged while they are
-- read. From each further queue as many jobs are read as are claimed in all.
-- 4 the prefix, 5 unused
-- index: jobs_ready, one seek for each queue, no further than it claims
wanted AS MATERIALIZED (
  SELECT queue FROM queues WHERE starts_with(queue, ($4)[1])
    AND NOT EXISTS (SELECT FROM {schema}.paused_queues AS paused WHERE paused.queue = queues.queue)
),
-- Usually there is one queue, and nothing to merge.
only_one AS MATERIALIZED (
  SELECT ctid AS place FROM {schema}.jobs
  WHERE state = 2 AND process IS NULL AND queue = (SELECT min(queue) FROM wanted HAVING count(*) = 1)
  ORDER BY priority DESC, seq
  LIMIT CASE WHEN EXISTS (SELECT FROM held) THEN $3 ELSE 0 END
  FOR UPDATE SKIP LOCKED
),
merged AS (
  SELECT place FROM (
    (SELECT ctid AS place, priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL
     AND queue = (SELECT queue FROM wanted OFFSET 0 LIMIT 1) ORDER BY priority DESC, seq)
    UNION ALL
    (SELECT ctid AS place, priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL
     AND queue = (SELECT queue FROM wanted OFFSET 1 LIMIT 1) ORDER BY priority DESC, seq)
    UNION ALL
    (SELECT ctid AS place, priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL
     AND queue = (SELECT queue FROM wanted OFFSET 2 LIMIT 1) ORDER BY priority DESC, seq)
    UNION ALL
    (SELECT ctid AS place, priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL
     AND queue = (SELECT queue FROM wanted OFFSET 3 LIMIT 1) ORDER BY priority DESC, seq)
    UNION ALL
    (SELECT ctid AS place, priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL
     AND queue = (SELECT queue FROM wanted OFFSET 4 LIMIT 1) ORDER BY priority DESC, seq)
    UNION ALL
    (SELECT ctid AS place, priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL
     AND queue = (SELECT queue FROM wanted OFFSET 5 LIMIT 1) ORDER BY priority DESC, seq)
    UNION ALL
    (SELECT ctid AS place, priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL
     AND queue = (SELECT queue FROM wanted OFFSET 6 LIMIT 1) ORDER BY priority DESC, seq)
    UNION ALL
    (SELECT ctid AS place, priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL
     AND queue = (SELECT queue FROM wanted OFFSET 7 LIMIT 1) ORDER BY priority DESC, seq)
    UNION ALL
    (SELECT job.place, job.priority, job.seq FROM (SELECT queue FROM wanted OFFSET 8) AS further
     CROSS JOIN LATERAL (
       SELECT ctid AS place, priority, seq FROM {schema}.jobs
       WHERE state = 2 AND process IS NULL AND jobs.queue = further.queue
       ORDER BY priority DESC, seq LIMIT $3
     ) AS job
     ORDER BY job.priority DESC, job.seq)
  ) AS fronts ORDER BY priority DESC, seq
),
picked AS MATERIALIZED (
  SELECT place FROM only_one
  UNION ALL
  (SELECT job.place FROM merged
   CROSS JOIN LATERAL (
     SELECT ctid AS place FROM {schema}.jobs
     WHERE ctid = merged.place AND state = 2 AND process IS NULL FOR UPDATE SKIP LOCKED
   ) AS job
   LIMIT CASE WHEN EXISTS (SELECT FROM held) AND (SELECT count(*) FROM wanted) > 1 THEN $3 ELSE 0 END)
),
