-- A second index of the ready jobs, in the order of claims across all queues. Without it a claim from all queues has to
-- look into each open queue, and ten thousand of them make it a hundred times slower.
--
-- Its condition means the same as that of `jobs_ready`. It is written otherwise so that a statement chooses the index by
-- its own condition: `state = 2` for jobs of a queue, `state::integer = 2` for jobs of all queues. Otherwise the planner
-- might read the jobs of one queue along the jobs of all others.
CREATE INDEX jobs_ready_by_age ON {schema}.jobs (priority DESC, seq) WHERE state::integer = 2;
