-- Removes the steps of a range that are over.
-- 1 step, 2 first start that is kept
-- index: primary key
DELETE FROM figures WHERE step = ?1 AND start < ?2
