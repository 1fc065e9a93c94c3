-- Claimed to finished, if the token is still valid. The row is kept.
-- 1 id, 2 process, 3 claim, 4 now
-- index: jobs_id
UPDATE jobs SET state = 5, process = NULL, done_at = ?4
WHERE id = ?1 AND state = 3 AND process = ?2 AND claims = ?3
