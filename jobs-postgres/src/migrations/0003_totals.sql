-- What has happened in all, in the rows that are added anyway when jobs are finished: to keep count costs no statement.
-- What is there already counts; what was forgotten before is not known. How many jobs were enqueued and how many errors
-- there were is told by the numbers that they got.
ALTER TABLE {schema}.tallies ADD COLUMN total bigint NOT NULL DEFAULT 0, ADD COLUMN discarded bigint NOT NULL DEFAULT 0;

INSERT INTO {schema}.tallies (finished, total, discarded)
SELECT 0, coalesce(sum(finished), 0), (SELECT count(*) FROM {schema}.done WHERE state = 6) FROM {schema}.tallies;
