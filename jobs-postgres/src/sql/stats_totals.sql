-- The current time, the paused queues, how many jobs are finished and kept and how many discarded, and the totals of
-- jobs that were finished, discarded, enqueued, and of errors. The last two are NULL if the user may not read the
-- sequences. Jobs and errors are numbered as they are stored, so their last number is their total.
-- 1 now or NULL, 2 schema
-- index: scan of tallies, as long as the statements since they were summed up; done_discarded alone
WITH numbered AS (
  SELECT sequencename AS name, coalesce(last_value, 0) AS count FROM pg_sequences
  WHERE schemaname = $2 AND has_sequence_privilege(format('%I.%I', schemaname, sequencename), 'SELECT, USAGE')
)
SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint),
       ARRAY(SELECT queue FROM {schema}.paused_queues),
       coalesce(sum(finished), 0)::bigint, (SELECT count(*) FROM {schema}.done WHERE state = 6),
       coalesce(sum(total), 0)::bigint, coalesce(sum(discarded), 0)::bigint,
       (SELECT count FROM numbered WHERE name = 'jobs_seq_seq'), (SELECT count FROM numbered WHERE name = 'errors_n_seq')
FROM {schema}.tallies
