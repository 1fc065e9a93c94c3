-- How many jobs there are in each state: 4 failed, 3 claimed, 2 ready, 0 scheduled.
SELECT state, COUNT(*) FROM (
    SELECT CASE
        WHEN failed_at IS NOT NULL THEN 4 WHEN locked_at IS NOT NULL THEN 3 WHEN updated_at >= run_at THEN 2 ELSE 0
    END AS state
    FROM {jobs}
) AS states GROUP BY state
