-- Tells other processes that there is a reason to look for work.
-- 1 how many jobs were enqueued
-- index: primary key
UPDATE wakeups SET count = count + 1, enqueued = enqueued + ?1 WHERE id = 1 RETURNING count
