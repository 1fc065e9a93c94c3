-- All deploys, the oldest first.
-- index: none
SELECT at, version FROM {schema}.deploys ORDER BY at
