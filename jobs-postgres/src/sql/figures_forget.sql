-- Removes the steps of ranges that are over, and those from the future.
-- 1 steps, 2 their first starts that are kept, 3 their last starts that are kept
-- index: primary key
DELETE FROM {schema}.figures AS known USING unnest($1, $2, $3) AS kept (step, first, last)
WHERE known.step = kept.step AND (known.start < kept.first OR known.start > kept.last)
