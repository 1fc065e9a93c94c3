-- Claims a ready job for a process. The attempt counts from here.
-- 1 seq, 2 process, 3 now
-- index: primary key
UPDATE jobs SET state = 3, process = ?2, waited_ms = CAST((?3 - due_at) / 1000 AS INTEGER),
       claims = claims + 1, attempts = attempts + 1
WHERE seq = ?1
