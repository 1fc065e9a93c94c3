-- The jobs that are not done, by queue: how many are scheduled, blocked, ready, claimed and failed, and how long the
-- first ready one has waited; and whether the queue is paused. Paused queues without jobs are included.
-- 1 now or NULL
-- index: none, the jobs that are not done are read once
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
counted AS (
  SELECT queue, count(*) FILTER (WHERE state = 0) AS scheduled, count(*) FILTER (WHERE state = 1) AS blocked,
         count(*) FILTER (WHERE state = 2 AND process IS NULL) AS ready, count(process) AS claimed,
         count(*) FILTER (WHERE state = 4) AS failed, min(due_at) FILTER (WHERE state = 2 AND process IS NULL) AS due_at
  FROM {schema}.jobs GROUP BY queue
)
SELECT queue, coalesce(scheduled, 0), coalesce(blocked, 0), coalesce(ready, 0), coalesce(claimed, 0), coalesce(failed, 0),
       greatest(coalesce(clock.now - counted.due_at, 0), 0), paused.queue IS NOT NULL
FROM counted FULL JOIN {schema}.paused_queues AS paused USING (queue) CROSS JOIN clock
