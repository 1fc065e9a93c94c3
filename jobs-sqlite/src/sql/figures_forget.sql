-- Removes the steps of a range that are over, and those from the future.
-- 1 step, 2 first start that is kept, 3 last start that is kept
-- index: primary key
DELETE FROM figures WHERE step = ?1 AND (start < ?2 OR start > ?3)
