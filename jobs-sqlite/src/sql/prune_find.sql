-- Jobs in the order of arrival, with the columns that decide whether they are old enough. The caller stops at a job
-- that arrived too late to be old, because no later job can have been done earlier.
-- index: primary key, from its start
SELECT seq, state, done_at, enqueued_at, id FROM jobs ORDER BY seq
