-- Removes one job if it is still done and old.
-- 1 seq, 2 the latest time that counts as old
-- index: primary key
DELETE FROM jobs WHERE seq = ?1 AND state IN (5, 6) AND done_at <= ?2 RETURNING id, state
