-- The figures of some steps.
-- 1 steps, 2 their starts
-- index: primary key
SELECT known.step, known.start, job, queue, attempts, errors, run, wait
FROM unnest($1, $2) AS present (step, start)
JOIN {schema}.figures AS known ON known.step = present.step AND known.start = present.start
