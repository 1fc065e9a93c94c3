-- Claims by selectors of any kind, one after the other; the queues of one selector are merged by priority and age. A
-- selector is read only if those before it did not have enough.
-- 4 names of the selectors, 5 whether each is a prefix
-- index: jobs_ready, one seek for each queue and no further into each than it claims
-- Each open queue with its first matching selector.
wanted AS MATERIALIZED (
  SELECT queue, selector.turn FROM queues
  CROSS JOIN LATERAL (
    SELECT min(n) AS turn FROM unnest($4, $5) WITH ORDINALITY AS selectors (name, is_prefix, n)
    WHERE CASE WHEN is_prefix THEN starts_with(queue, name) ELSE queue = name END
  ) AS selector
  WHERE selector.turn IS NOT NULL
    AND NOT EXISTS (SELECT FROM {schema}.paused_queues AS paused WHERE paused.queue = queues.queue)
),
picked AS MATERIALIZED (
  SELECT job.place FROM (SELECT DISTINCT turn FROM wanted ORDER BY turn) AS selector
  CROSS JOIN LATERAL (
    SELECT locked.place FROM (
      SELECT front.place FROM wanted
      CROSS JOIN LATERAL (
        SELECT ctid AS place, priority, seq FROM {schema}.jobs
        WHERE state = 2 AND process IS NULL AND jobs.queue = wanted.queue
        ORDER BY priority DESC, seq LIMIT $3
      ) AS front
      WHERE wanted.turn = selector.turn
      ORDER BY front.priority DESC, front.seq
    ) AS fronts
    CROSS JOIN LATERAL (
      SELECT ctid AS place FROM {schema}.jobs
      WHERE ctid = fronts.place AND state = 2 AND process IS NULL FOR UPDATE SKIP LOCKED
    ) AS locked
  ) AS job
  LIMIT CASE WHEN EXISTS (SELECT FROM held) THEN $3 ELSE 0 END
),
