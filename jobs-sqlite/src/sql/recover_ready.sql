-- Claimed to ready, in its old order. The attempt stays counted.
-- 1 seq
-- index: primary key
UPDATE jobs SET state = 2, process = NULL, waited_ms = NULL, crashes = crashes + 1 WHERE seq = ?1 AND state = 3
