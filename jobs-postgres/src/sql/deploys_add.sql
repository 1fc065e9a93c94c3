-- Adds deploys that are not known.
-- 1 times, 2 versions
-- index: primary key
INSERT INTO {schema}.deploys (at, version) SELECT * FROM unnest($1, $2) ON CONFLICT (at) DO NOTHING
