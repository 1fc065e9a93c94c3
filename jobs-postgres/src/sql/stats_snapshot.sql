-- What holds the oldest snapshot: its kind, its process, name, user and state, for how many microseconds, and for how many
-- transactions. A time is NULL if the server does not say it, or not to this user. No texts of queries are read.
-- index: none, the sessions, prepared transactions and slots of the server
SELECT kind, pid, nullif(name, ''), usename, state,
       (extract(epoch FROM clock_timestamp() - since) * 1000000)::bigint, transactions
FROM (
  SELECT 'session' AS kind, pid, application_name AS name, usename::text, state, xact_start AS since,
         greatest(age(backend_xmin), age(backend_xid))::bigint AS transactions
  FROM pg_catalog.pg_stat_activity
  WHERE pid <> pg_backend_pid() AND (datname = current_database() OR datname IS NULL)
    AND backend_type <> 'autovacuum worker'
  UNION ALL
  SELECT 'prepared transaction', NULL, gid, owner::text, NULL, prepared, age(transaction)::bigint
  FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()
  UNION ALL
  -- Servers before 17 do not say since when a slot is inactive.
  SELECT 'replication slot', active_pid, slot_name::text, NULL,
         CASE WHEN active THEN 'active' ELSE 'inactive' END, (to_jsonb(slots) ->> 'inactive_since')::timestamptz,
         age(xmin)::bigint
  FROM pg_catalog.pg_replication_slots AS slots
) AS holders
WHERE transactions IS NOT NULL
ORDER BY transactions DESC, since LIMIT 1
