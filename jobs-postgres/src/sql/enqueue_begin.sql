-- What `enqueue_many` needs to know, and what is to be told when it is committed: the time, and a hint to those who
-- listen.
-- 1 now or NULL
-- index: none
SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint), pg_notify('{channel}', '')
