-- Returns the time and the first numbers of blocks for `enqueue_copy_numbered` or `enqueue_copy`, and sends the notification for
-- their jobs, which arrives when the transaction commits.
-- 1 now or NULL, 2 how many blocks; a user who may not take numbers asks for none
-- index: none
SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint), pg_notify('{channel}', ''),
       ARRAY(SELECT nextval('{schema_in_text}.jobs_seq_blocks') FROM generate_series(1, $2))
