-- The queues with ready or claimed jobs, if they are fewer than eight, or than a quarter of the selectors: a part before
-- `from_selectors`. It is read for a prefix, and if the first 32 selectors did not give enough. From then on a queue is
-- sought only if it is open, so that a worker may name thousands of queues.
-- index: jobs_ready, one seek for each queue
--
-- Backwards, because most rows at the front of the index are dead. The last row is NULL.
queues (queue) AS (
  (SELECT queue FROM {schema}.jobs WHERE state = 2 ORDER BY queue DESC LIMIT 1)
  UNION ALL
  SELECT (SELECT jobs.queue FROM {schema}.jobs
          WHERE state = 2 AND jobs.queue < queues.queue ORDER BY jobs.queue DESC LIMIT 1)
  FROM queues WHERE queues.queue IS NOT NULL
),
few_queues AS MATERIALIZED (SELECT queue FROM queues LIMIT greatest(8, cardinality($4) / 4)),
are_few AS MATERIALIZED (SELECT count(*) = count(queue) + 1 OR count(*) = 0 AS yes FROM few_queues),
