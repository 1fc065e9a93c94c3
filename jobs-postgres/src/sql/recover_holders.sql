-- The processes that held jobs and are not known, or were given up. They are taken from the list: a claim that is on
-- its way holds its entry until it is done, so what it claimed is seen by the statement after this one; a later claim
-- puts its process on the list again.
-- index: scan of holders, a handful of rows; primary key of processes
DELETE FROM {schema}.holders
WHERE NOT EXISTS (SELECT FROM {schema}.processes WHERE processes.id = holders.process AND NOT processes.lost)
RETURNING process
