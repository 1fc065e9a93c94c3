-- Makes a failed, discarded or scheduled job ready, with no crashes counted.
-- 1 id, 2 now
-- index: jobs_id
UPDATE jobs SET state = 2, due_at = ?2, done_at = NULL, crashes = 0 WHERE id = ?1 AND state IN (0, 4, 6)
