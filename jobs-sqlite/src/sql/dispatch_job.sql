-- Makes one scheduled job ready.
-- 1 seq
-- index: primary key
UPDATE jobs SET state = 2 WHERE seq = ?1 AND state = 0
