-- Whether fewer jobs than this number are ready or claimed.
-- 1 the number
-- index: jobs_ready alone, no further than it counts; or the table, if most of its rows are so
SELECT count(*) < $1 FROM (SELECT FROM {schema}.jobs WHERE state = 2 LIMIT $1) AS counted
