-- Claimed to discarded, if the token is still valid.
-- 1 id, 2 process, 3 claim, 4 now
-- index: jobs_id
UPDATE jobs SET state = 6, process = NULL, waited_ms = NULL, done_at = ?4
WHERE id = ?1 AND state = 3 AND process = ?2 AND claims = ?3
