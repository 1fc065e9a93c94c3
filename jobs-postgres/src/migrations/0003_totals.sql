-- Totals, in the rows that are added anyway when jobs are finished, so that counting costs no statement of its own.
-- They begin with the jobs that are stored now; jobs that were removed before are not known. The numbers of enqueued
-- jobs and of errors are not here, because both are numbered by a sequence.
ALTER TABLE {schema}.tallies ADD COLUMN total bigint NOT NULL DEFAULT 0, ADD COLUMN discarded bigint NOT NULL DEFAULT 0;

INSERT INTO {schema}.tallies (finished, total, discarded)
SELECT 0, coalesce(sum(finished), 0), (SELECT count(*) FROM {schema}.done WHERE state = 6) FROM {schema}.tallies;
