-- Removes the deploys that are not kept.
-- 1 times of those that are kept
-- index: none
DELETE FROM {schema}.deploys WHERE at <> ALL ($1)
