-- Claims from queues with these names, one after the other. A queue is read only if those before it did not have
-- enough.
-- 4 names, each once, 5 unused
-- index: jobs_ready, no further than it claims
picked AS MATERIALIZED (
  SELECT job.place FROM unnest($4) WITH ORDINALITY AS wanted (queue, turn)
  CROSS JOIN LATERAL (
    SELECT ctid AS place FROM {schema}.jobs
    WHERE state = 2 AND process IS NULL AND queue = wanted.queue COLLATE "C"
      AND NOT EXISTS (SELECT FROM {schema}.paused_queues AS paused WHERE paused.queue = wanted.queue COLLATE "C")
    ORDER BY priority DESC, seq
    FOR UPDATE SKIP LOCKED
  ) AS job
  LIMIT CASE WHEN EXISTS (SELECT FROM held) THEN $3 ELSE 0 END
),
