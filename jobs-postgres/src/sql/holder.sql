-- Registers a process as a holder of jobs, for this ticket and later ones. A claim with an earlier ticket may still run
-- on a lost connection. It either ends before this statement does, or claims nothing.
-- 1 process, 2 ticket
-- index: primary key of holders
INSERT INTO {schema}.holders (process, since) VALUES ($1, $2)
ON CONFLICT (process) DO UPDATE SET since = excluded.since
