-- Totals, in the two rows that are written anyway, so that counting costs no write of its own.
-- They begin with the jobs that are stored now; jobs that were removed before are not known.

-- How many jobs were finished and discarded, and how many attempts ended in an error.
ALTER TABLE finished ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
ALTER TABLE finished ADD COLUMN discarded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE finished ADD COLUMN errors INTEGER NOT NULL DEFAULT 0;
-- How many jobs were enqueued.
ALTER TABLE wakeups ADD COLUMN enqueued INTEGER NOT NULL DEFAULT 0;

UPDATE finished SET total = count, errors = (SELECT count(*) FROM errors),
  discarded = (SELECT count(*) FROM jobs INDEXED BY jobs_resting
               WHERE (state = 1 OR state = 4 OR state = 6) AND state = 6);
UPDATE wakeups SET enqueued = (SELECT count(*) FROM jobs);
