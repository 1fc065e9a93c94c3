-- Jobs in the order of arrival, with what decides whether they are old enough. Read until a job
-- arrived too late to be old: no later one can be done earlier.
-- index: primary key, from its start
SELECT seq, state, done_at, enqueued_at FROM jobs ORDER BY seq
