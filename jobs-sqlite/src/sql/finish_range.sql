-- As finish, for all jobs of a range of seq. That their tokens are valid was read in the same transaction.
-- 1 first seq, 2 last seq, 3 now
-- index: primary key
UPDATE jobs SET state = 5, process = NULL, done_at = ?3 WHERE seq BETWEEN ?1 AND ?2
