-- Which process of the server this connection has: its number, and since when, for numbers are given again. And whether
-- the settings that the connection was made with are in force; a pooler may have swallowed them. If they are, a
-- transaction that is left open ends after a while, with the rows that it locks, unless somebody set another limit.
-- 1 how long, as a setting
-- index: none
SELECT pid, (extract(epoch FROM backend_start) * 1000000)::bigint, ours,
       CASE WHEN ours AND current_setting('idle_in_transaction_session_timeout') = '0'
       THEN set_config('idle_in_transaction_session_timeout', $1, false) END
FROM pg_stat_activity, (SELECT current_setting('plan_cache_mode') = 'force_generic_plan' AS ours) AS settings
WHERE pid = pg_backend_pid()
