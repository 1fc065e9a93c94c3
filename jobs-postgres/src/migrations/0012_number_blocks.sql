-- The numbers of jobs are taken in blocks of a thousand: many jobs that are stored by `COPY` take one number of the sequence
-- for each thousand of them, and number themselves within it. A job that the server numbers has a block of its own.
--
-- This waits for the transactions that have enqueued jobs, and others wait for it, so that each job is counted once below.
ALTER SEQUENCE {schema}.jobs_seq_seq INCREMENT BY 1000;
-- The last number of the sequence is not the number of jobs any more. Programs of earlier versions, which take it for that,
-- do not find the sequence under its new name, and show no totals.
ALTER SEQUENCE {schema}.jobs_seq_seq RENAME TO jobs_seq_blocks;

-- The number of jobs that were ever enqueued is that of the jobs that are not done, and of those that were finished, and of
-- those that were discarded, and the sum of these rows: what was enqueued before and is not known otherwise, less the discarded
-- jobs that were made ready again, which count as discarded and as not done. These rows are not in `tallies`, because programs
-- of earlier versions sum that table up without columns that they do not know.
CREATE TABLE {schema}.enqueued_adjustments (
  jobs bigint NOT NULL
);

INSERT INTO {schema}.enqueued_adjustments (jobs)
SELECT CASE WHEN is_called THEN last_value ELSE 0 END - (SELECT count(*) FROM {schema}.jobs)
       - (SELECT coalesce(sum(total + discarded), 0)::bigint FROM {schema}.tallies)
FROM {schema}.jobs_seq_blocks;

-- The keys of these indexes are unique, so that a search for equal ones on each page that is full finds none.
ALTER INDEX {schema}.jobs_ready SET (deduplicate_items = off);
ALTER INDEX {schema}.jobs_ready_by_age SET (deduplicate_items = off);
