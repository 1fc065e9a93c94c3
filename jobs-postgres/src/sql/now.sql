-- The current time.
-- 1 now or NULL
-- index: none
SELECT coalesce($1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)
