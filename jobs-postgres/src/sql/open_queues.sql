-- The queues that hold ready or claimed jobs, and NULL: a part before `from_one` and `from_selectors`.
-- index: jobs_ready, one seek for each queue
--
-- From behind: of what is read first most is gone already.
queues (queue) AS (
  (SELECT queue FROM {schema}.jobs WHERE state = 2 ORDER BY queue DESC LIMIT 1)
  UNION ALL
  SELECT (SELECT jobs.queue FROM {schema}.jobs
          WHERE state = 2 AND jobs.queue < queues.queue ORDER BY jobs.queue DESC LIMIT 1)
  FROM queues WHERE queues.queue IS NOT NULL
),
