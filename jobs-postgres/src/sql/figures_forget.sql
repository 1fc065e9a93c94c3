-- Removes the steps of ranges that are over.
-- 1 steps, 2 their first starts that are kept
-- index: primary key
DELETE FROM {schema}.figures AS known USING unnest($1, $2) AS kept (step, first)
WHERE known.step = kept.step AND known.start < kept.first
