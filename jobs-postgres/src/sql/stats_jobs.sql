-- The jobs that are not done, by queue and process: how many are scheduled, blocked, ready or claimed, and failed, and
-- when the first ready and the first scheduled one was due. With a process they are claimed.
-- index: none, the jobs that are not done are read once
SELECT queue, process, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1),
       count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 4), min(due_at) FILTER (WHERE state = 2),
       min(due_at) FILTER (WHERE state = 0)
FROM {schema}.jobs GROUP BY queue, process
