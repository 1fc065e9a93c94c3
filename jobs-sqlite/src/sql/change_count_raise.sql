-- Raises the counter that tells other processes of new work, and adds to the number of enqueued jobs and to the number of
-- transactions that made jobs ready other than by their enqueue.
-- 1 how many jobs were enqueued, 2 whether jobs came back (0 or 1)
-- index: primary key
UPDATE wakeups SET count = count + 1, enqueued = enqueued + ?1, returned = returned + ?2 WHERE id = 1 RETURNING count
