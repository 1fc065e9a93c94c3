-- The counter that changes when there is new work.
-- index: primary key
SELECT count FROM wakeups WHERE id = 1
