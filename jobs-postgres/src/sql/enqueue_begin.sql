-- Returns the time for `enqueue_copy`, and sends the notification for its jobs, which arrives when the transaction
-- commits.
-- 1 now or NULL
-- index: none
SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint), pg_notify('{channel}', '')
