-- Removes a process.
-- 1 id
-- index: primary key
DELETE FROM processes WHERE id = ?1
