-- The jobs of a range of seq whose claim token has this process and this claim.
-- 1 first seq, 2 last seq, 3 process, 4 claim
-- index: primary key; by jobs_claimed each job would be searched
SELECT seq, id FROM jobs NOT INDEXED WHERE seq BETWEEN ?1 AND ?2 AND state = 3 AND process = ?3 AND claims = ?4
