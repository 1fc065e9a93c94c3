-- As claim_take, for sixteen jobs at once: the cost of opening the table and its indexes is then paid once.
-- 1 process, 2 to 17 seq, 18 now
-- index: primary key
UPDATE jobs SET state = 3, process = ?1, waited_ms = CAST((?18 - due_at) / 1000 AS INTEGER),
       claims = claims + 1, attempts = attempts + 1
WHERE seq IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
