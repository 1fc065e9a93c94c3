-- Removes the requests about claims that have ended.
-- index: jobs_id, scan of cancellations, a handful of rows
DELETE FROM cancellations
WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = job AND jobs.claims = claim AND jobs.state = 3)
