-- Ends the process of the server that a lost connection had, with what it still runs or has open.
-- 1 its number, 2 since when it is there
-- index: none
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid = $1 AND (extract(epoch FROM backend_start) * 1000000)::bigint = $2
