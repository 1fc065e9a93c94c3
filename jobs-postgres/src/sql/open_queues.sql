-- The queues with ready or claimed jobs, and NULL: a part before `from_one` and `from_selectors`.
-- index: jobs_ready, one seek for each queue
--
-- Backwards, because most rows at the front of the index are dead.
queues (queue) AS (
  (SELECT queue FROM {schema}.jobs WHERE state = 2 ORDER BY queue DESC LIMIT 1)
  UNION ALL
  SELECT (SELECT jobs.queue FROM {schema}.jobs
          WHERE state = 2 AND jobs.queue < queues.queue ORDER BY jobs.queue DESC LIMIT 1)
  FROM queues WHERE queues.queue IS NOT NULL
),
