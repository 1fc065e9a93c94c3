-- Claimed to failed, if the token is still valid.
-- 1 id, 2 process, 3 claim, 4 meta
-- index: jobs_id
UPDATE jobs SET state = 4, process = NULL, waited_ms = NULL, meta = ?4
WHERE id = ?1 AND state = 3 AND process = ?2 AND claims = ?3
