-- Waits until no other transaction adds figures, so that none overwrites what another has just added.
-- 1 schema
-- index: none
SELECT pg_advisory_xact_lock(hashtextextended('jobs figures:' || $1, 0))
