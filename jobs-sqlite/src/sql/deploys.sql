-- All deploys, the oldest first.
-- index: primary key
SELECT at, version FROM deploys ORDER BY at
