-- Removes the steps of a range from the future.
-- 1 step, 2 last start that is kept
-- index: primary key
DELETE FROM figures WHERE step = ?1 AND start > ?2
