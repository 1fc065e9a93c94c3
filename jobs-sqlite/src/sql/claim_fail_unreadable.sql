-- Fails a ready job that cannot be read, so that it does not block the others.
-- 1 seq
-- index: primary key
UPDATE jobs SET state = 4, claims = claims + 1 WHERE seq = ?1
