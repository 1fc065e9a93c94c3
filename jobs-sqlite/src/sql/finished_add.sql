-- Keeps the number of finished jobs.
-- 1 how many more, negative for fewer
-- index: primary key
UPDATE finished SET count = count + ?1 WHERE id = 1
