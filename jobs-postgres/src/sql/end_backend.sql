-- Terminates the backend of a lost connection, with its statement and its transaction.
-- 1 its process number, 2 its start time
-- index: none
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid = $1 AND (extract(epoch FROM backend_start) * 1000000)::bigint = $2
