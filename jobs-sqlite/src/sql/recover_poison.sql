-- Claimed to failed: too many processes died while they ran the job.
-- 1 seq
-- index: primary key
UPDATE jobs SET state = 4, process = NULL, waited_ms = NULL, crashes = crashes + 1 WHERE seq = ?1 AND state = 3
