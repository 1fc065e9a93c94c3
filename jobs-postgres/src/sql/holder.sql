-- Puts a process on the list of those that may hold jobs, by this ticket and later ones. A claim by an earlier ticket
-- that is still on its way, over a connection that was lost, comes to an end before this does, or gives nothing.
-- 1 process, 2 ticket
-- index: primary key of holders
INSERT INTO {schema}.holders (process, since) VALUES ($1, $2)
ON CONFLICT (process) DO UPDATE SET since = excluded.since
