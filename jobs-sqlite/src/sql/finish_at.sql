-- As finish, if the seq of the job is known: without a search for its id.
-- 1 seq, 2 id, 3 process, 4 claim, 5 now
-- index: primary key
UPDATE jobs SET state = 5, process = NULL, done_at = ?5
WHERE seq = ?1 AND id = ?2 AND state = 3 AND process = ?3 AND claims = ?4
