-- Waits until no other transaction adds figures, so that none overwrites what another has just added; a second at most, since
-- one whose machine has vanished holds the lock until the server gives it up, and ticks and recovery use the same connection.
-- 1 schema
-- index: none
WITH limited AS MATERIALIZED (SELECT set_config('lock_timeout', '1s', true))
SELECT pg_advisory_xact_lock(hashtextextended('jobs figures:' || $1, 0)) FROM limited
