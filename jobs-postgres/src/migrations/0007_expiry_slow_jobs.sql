-- How long the jobs of a recurring task are worth running after their tick, in microseconds; NULL for what the job says.
ALTER TABLE {schema}.recurring_tasks ADD COLUMN expires_in bigint;

-- The jobs that the process runs for far longer than usual, as JSON; NULL for none.
ALTER TABLE {schema}.processes ADD COLUMN slow text;
