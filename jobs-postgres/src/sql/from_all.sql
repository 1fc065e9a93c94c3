-- Claims from all queues, by priority and age. Reads past all jobs of paused queues, so it is sent while these are few.
-- 4 the empty prefix, 5 unused, 6 unused
-- index: jobs_ready_by_age, no further than it claims and passes by
picked AS MATERIALIZED (
  SELECT ctid AS place FROM {schema}.jobs
  WHERE state::integer = 2 AND process IS NULL AND queue NOT IN (SELECT queue FROM {schema}.paused_queues)
  ORDER BY priority DESC, seq
  LIMIT CASE WHEN EXISTS (SELECT FROM held) THEN $3 ELSE 0 END
  FOR UPDATE SKIP LOCKED
),
