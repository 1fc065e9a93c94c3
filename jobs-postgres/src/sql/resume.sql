-- Ends the pause of a queue. Returns one row if it was paused.
-- 1 queue
-- index: primary key
WITH resumed AS (
  DELETE FROM {schema}.paused_queues WHERE queue = $1 RETURNING 1
)
SELECT pg_notify('{channel}', '') FROM resumed
