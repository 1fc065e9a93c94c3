-- Raises the counter that tells other processes of new work, and adds to the number of enqueued jobs.
-- 1 how many jobs were enqueued
-- index: primary key
UPDATE wakeups SET count = count + 1, enqueued = enqueued + ?1 WHERE id = 1 RETURNING count
