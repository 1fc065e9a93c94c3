-- The jobs that rest or wait for a time, by queue and state, so that the jobs of each queue are counted from an index.
-- Ready jobs have an index by queue already, and there are few claimed ones.
CREATE INDEX jobs_waiting ON jobs (queue, state) WHERE state = 0 OR state = 1 OR state = 4;

-- How long the jobs of a recurring task are worth running after their tick, in microseconds; NULL for what the job says.
ALTER TABLE recurring_tasks ADD COLUMN expires_in INTEGER;

-- The jobs that the process runs for far longer than usual, as JSON; NULL for none.
ALTER TABLE processes ADD COLUMN slow TEXT;
