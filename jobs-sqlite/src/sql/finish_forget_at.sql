-- As finish_forget, if the seq of the job is known: without a search for its id.
-- 1 seq, 2 id, 3 process, 4 claim
-- index: primary key
DELETE FROM jobs WHERE seq = ?1 AND id = ?2 AND state = 3 AND process = ?3 AND claims = ?4
