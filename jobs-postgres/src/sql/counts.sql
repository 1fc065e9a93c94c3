-- The number of jobs in each state, in the order of `State::ALL`.
-- index: none, the jobs that are not done are read once; done_discarded; the number of finished jobs is stored
SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1),
       count(*) FILTER (WHERE state = 2 AND process IS NULL), count(process), count(*) FILTER (WHERE state = 4),
       (SELECT coalesce(sum(finished), 0)::bigint FROM {schema}.tallies),
       (SELECT count(*) FROM {schema}.done WHERE state = 6)
FROM {schema}.jobs
