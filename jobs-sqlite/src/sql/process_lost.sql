-- Whether a process was given up as dead; no row if it is unknown.
-- 1 id
-- index: primary key
SELECT lost FROM processes WHERE id = ?1
