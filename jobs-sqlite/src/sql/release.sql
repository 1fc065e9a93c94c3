-- Claimed to ready, in its old order, if the token is still valid. The attempt is not counted.
-- 1 id, 2 process, 3 claim
-- index: jobs_id
UPDATE jobs SET state = 2, process = NULL, waited_ms = NULL, attempts = max(attempts - 1, 0)
WHERE id = ?1 AND state = 3 AND process = ?2 AND claims = ?3
