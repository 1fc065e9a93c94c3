-- The current time, the paused queues, how many jobs are finished and kept and how many discarded, the totals of jobs that
-- were finished and discarded, what has to be added to these and to the jobs that are not done for the total of enqueued ones,
-- and the total of errors. The last one is NULL if the user may not read its sequence: errors are numbered as they are stored,
-- so their last number is their total.
-- 1 now or NULL, 2 schema
-- index: scan of tallies and of enqueued_adjustments, as long as the statements since they were summed up; done_discarded alone
SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint),
       ARRAY(SELECT queue FROM {schema}.paused_queues),
       coalesce(sum(finished), 0)::bigint, (SELECT count(*) FROM {schema}.done WHERE state = 6),
       coalesce(sum(total), 0)::bigint, coalesce(sum(discarded), 0)::bigint,
       (SELECT coalesce(sum(jobs), 0)::bigint FROM {schema}.enqueued_adjustments),
       (SELECT coalesce(last_value, 0) FROM pg_sequences
        WHERE schemaname = $2 AND sequencename = 'errors_n_seq'
          AND has_sequence_privilege(format('%I.%I', schemaname, sequencename), 'SELECT, USAGE'))
FROM {schema}.tallies
