-- Claims from a few queues with these names, one after the other. A queue is read only if those before it did not have
-- enough.
-- 4 names, each once, 5 unused, 6 how many jobs each gives at most
-- index: jobs_ready, no further than it claims
picked AS MATERIALIZED (
  SELECT job.place FROM unnest($4, $6) AS wanted (queue, most)
  CROSS JOIN LATERAL (
    SELECT ctid AS place FROM {schema}.jobs
    WHERE state = 2 AND process IS NULL AND queue = wanted.queue COLLATE "C"
    ORDER BY priority DESC, seq LIMIT wanted.most
    FOR UPDATE SKIP LOCKED
  ) AS job
  WHERE wanted.queue COLLATE "C" NOT IN (SELECT queue FROM {schema}.paused_queues)
  LIMIT CASE WHEN EXISTS (SELECT FROM held) THEN $3 ELSE 0 END
),
