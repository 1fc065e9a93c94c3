-- Whether fewer jobs are ready or claimed than so many.
-- 1 how many
-- index: jobs_ready alone, no further than it counts; or the table, where most of it is so
SELECT count(*) < $1 FROM (SELECT FROM {schema}.jobs WHERE state = 2 LIMIT $1) AS counted
