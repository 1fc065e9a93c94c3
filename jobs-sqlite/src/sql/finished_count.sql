-- The number of finished jobs.
-- index: primary key
SELECT count FROM finished WHERE id = 1
