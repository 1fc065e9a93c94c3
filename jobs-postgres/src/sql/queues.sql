-- The queues that have ready jobs or are paused, by name: ready jobs, how long the first one has waited, paused.
-- 1 now or NULL
-- index: the ready jobs are read once
WITH clock AS MATERIALIZED (SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint) AS now),
ready AS (SELECT queue, count(*) AS ready, min(due_at) AS due_at FROM {schema}.jobs
          WHERE state = 2 AND process IS NULL GROUP BY queue)
SELECT queue, coalesce(ready.ready, 0), greatest(coalesce(clock.now - ready.due_at, 0), 0), paused.queue IS NOT NULL
FROM ready FULL JOIN {schema}.paused_queues AS paused USING (queue) CROSS JOIN clock
ORDER BY queue
