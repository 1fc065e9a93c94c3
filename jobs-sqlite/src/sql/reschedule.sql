-- Schedules a ready or scheduled job for another time.
-- 1 id, 2 due_at
-- index: jobs_id
UPDATE jobs SET state = 0, due_at = ?2 WHERE id = ?1 AND state IN (0, 2)
