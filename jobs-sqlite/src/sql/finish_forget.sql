-- Removes a claimed job that has finished, if the token is still valid.
-- 1 id, 2 process, 3 claim
-- index: jobs_id
DELETE FROM jobs WHERE id = ?1 AND state = 3 AND process = ?2 AND claims = ?3
