-- Claimed to scheduled without an error, if the token is still valid. The attempt is not counted.
-- 1 id, 2 process, 3 claim, 4 due_at, 5 meta
-- index: jobs_id
UPDATE jobs SET state = 0, process = NULL, waited_ms = NULL, due_at = ?4, meta = ?5, attempts = max(attempts - 1, 0)
WHERE id = ?1 AND state = 3 AND process = ?2 AND claims = ?3
