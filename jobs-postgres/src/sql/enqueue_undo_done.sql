-- Removes jobs again that were inserted although they are done. Must run after the insert, with a new snapshot: a job
-- that existed when the insert began may have been finished before the insert reached its row. Ids grow with time, so
-- usually all these ids are greater than the last one that is done, and nothing has to be searched.
-- 1 ids
-- index: jobs_id, done_id
DELETE FROM {schema}.jobs USING unnest($1) AS again (id), {schema}.done
WHERE done.id = again.id AND jobs.id = done.id
  AND (SELECT id FROM {schema}.done ORDER BY id DESC LIMIT 1) >= (SELECT id FROM unnest($1) AS new (id) ORDER BY id LIMIT 1)
