-- Which table of jobs this connection sees, by its database and its number there.
SELECT current_database() || ' ' || COALESCE(to_regclass('solid_queue_jobs')::oid::bigint::text, '-') AS place
