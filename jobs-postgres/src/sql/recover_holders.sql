-- Removes and returns the holders that are unknown or were given up. A claim that still runs locks its entry until it
-- ends, so the next statement sees the jobs that it claimed. A later claim registers its process again.
-- index: scan of holders, a handful of rows; primary key of processes
DELETE FROM {schema}.holders
WHERE NOT EXISTS (SELECT FROM {schema}.processes WHERE processes.id = holders.process AND NOT processes.lost)
RETURNING process, since
