-- The backend of this connection: its process number, and its start time, because process numbers are reused. And
-- whether the settings of the session are in force: a pooler may have dropped them. If they are, a transaction that
-- stays idle is ended after a while, so that its row locks are released, unless the user set another limit.
-- 1 how long, as a setting
-- index: none
SELECT pid, (extract(epoch FROM backend_start) * 1000000)::bigint, ours,
       CASE WHEN ours AND current_setting('idle_in_transaction_session_timeout') = '0'
       THEN set_config('idle_in_transaction_session_timeout', $1, false) END
FROM pg_stat_activity, (SELECT current_setting('plan_cache_mode') = 'force_generic_plan' AS ours) AS settings
WHERE pid = pg_backend_pid()
