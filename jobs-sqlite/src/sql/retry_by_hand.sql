-- Failed, discarded or scheduled to ready. Crashes are counted anew.
-- 1 id, 2 now
-- index: jobs_id
UPDATE jobs SET state = 2, due_at = ?2, done_at = NULL, crashes = 0 WHERE id = ?1 AND state IN (0, 4, 6)
