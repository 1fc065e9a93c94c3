-- Keeps dead processes among the holders, because the database refused to take their jobs from them.
-- 1 processes, 2 since which ticket each holds jobs
-- index: primary key of holders
INSERT INTO {schema}.holders (process, since) SELECT * FROM unnest($1, $2) ON CONFLICT (process) DO NOTHING
