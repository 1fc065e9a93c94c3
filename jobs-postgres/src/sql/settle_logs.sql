-- Follows `settle`: keeps what the attempts logged that finished jobs, and the process of each. In a statement of its own, because
-- programs that keep no such logs do not need the table.
-- index: primary key of finished_logs
, logged AS (
  INSERT INTO {schema}.finished_logs (job, done_at, process, log)
  SELECT id, (SELECT now FROM clock), process, log FROM settled
  WHERE kind = 0 AND log IS NOT NULL AND n IN (SELECT n FROM left_over)
  ON CONFLICT (job) DO NOTHING
)
