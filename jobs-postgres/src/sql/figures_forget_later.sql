-- Removes the steps of ranges from the future.
-- 1 steps, 2 their last starts that are kept
-- index: primary key
DELETE FROM {schema}.figures AS known USING unnest($1, $2) AS kept (step, last)
WHERE known.step = kept.step AND known.start > kept.last
