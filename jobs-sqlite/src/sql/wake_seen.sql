-- How often there was a reason to look for work.
-- index: primary key
SELECT count FROM wakeups WHERE id = 1
