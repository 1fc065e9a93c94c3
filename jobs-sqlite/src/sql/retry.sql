-- Claimed to scheduled after an error, if the token is still valid.
-- 1 id, 2 process, 3 claim, 4 due_at, 5 queue or NULL, 6 priority or NULL, 7 meta
-- index: jobs_id
UPDATE jobs
SET state = 0, process = NULL, waited_ms = NULL, due_at = ?4, queue = coalesce(?5, queue), priority = coalesce(?6, priority), meta = ?7
WHERE id = ?1 AND state = 3 AND process = ?2 AND claims = ?3
