-- Removes logs of jobs that finished early enough.
-- 1 the latest time that counts as old, 2 limit
-- index: finished_logs_done_at
DELETE FROM finished_logs WHERE rowid IN (
  SELECT rowid FROM finished_logs WHERE done_at <= ?1 ORDER BY done_at LIMIT ?2
)
