-- How many jobs are finished.
-- index: primary key
SELECT count FROM finished WHERE id = 1
