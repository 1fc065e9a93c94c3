-- Tells other processes that there is a reason to look for work.
-- index: primary key
UPDATE wakeups SET count = count + 1 WHERE id = 1 RETURNING count
