-- Releases the jobs that a process has claimed, without counting the attempts.
-- 1 process
-- index: jobs_claimed
UPDATE jobs INDEXED BY jobs_claimed
SET state = 2, process = NULL, waited_ms = NULL, attempts = max(attempts - 1, 0)
WHERE state = 3 AND process = ?1
