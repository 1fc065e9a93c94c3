-- The jobs that were stored after the one with this seq.
-- 1 seq, 2 limit
-- index: primary key
SELECT seq, queue, priority FROM jobs WHERE seq > ?1 ORDER BY seq LIMIT ?2
