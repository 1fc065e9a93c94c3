-- What tells how the ready jobs have changed: jobs enqueued so far, transactions that brought jobs back, the last seq.
-- index: primary key
SELECT enqueued, returned, (SELECT max(seq) FROM jobs) FROM wakeups WHERE id = 1
