-- The jobs that are not done, by queue: how many are scheduled, blocked, ready, claimed and failed, and when the first
-- ready and the first scheduled one was due.
-- index: none, the jobs that are not done are read once
SELECT queue, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1),
       count(*) FILTER (WHERE state = 2 AND process IS NULL), count(process), count(*) FILTER (WHERE state = 4),
       min(due_at) FILTER (WHERE state = 2 AND process IS NULL), min(due_at) FILTER (WHERE state = 0)
FROM {schema}.jobs GROUP BY queue
