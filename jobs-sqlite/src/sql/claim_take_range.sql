-- As claim_take, for all jobs of a range of seq: they are read one after the other, not searched one by one.
-- 1 first seq, 2 last seq, 3 process, 4 now
-- index: primary key
UPDATE jobs SET state = 3, process = ?3, waited_ms = CAST((?4 - due_at) / 1000 AS INTEGER),
       claims = claims + 1, attempts = attempts + 1
WHERE seq BETWEEN ?1 AND ?2
