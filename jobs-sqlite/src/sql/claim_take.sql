-- Claims a ready job for a process. The attempt counts from here.
-- 1 seq, 2 process, 3 now
-- index: primary key
UPDATE jobs SET state = 3, process = ?2, claimed_at = ?3, claims = claims + 1, attempts = attempts + 1 WHERE seq = ?1
