-- Whether fewer jobs are scheduled than so many.
-- 1 how many
-- index: jobs_scheduled alone, no further than it counts; or the table, where most of it is so
SELECT count(*) < $1 FROM (SELECT FROM {schema}.jobs WHERE state = 0 LIMIT $1) AS counted
