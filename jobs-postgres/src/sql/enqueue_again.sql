-- Takes out again what was enqueued although it is done. Looks anew, after the insert: a job that was there when the
-- insert began may have been finished before it came to its row. Ids grow with time, so most often the last one that is
-- done is before all of these, and there is nothing to look for.
-- 1 ids
-- index: jobs_id, done_id
DELETE FROM {schema}.jobs USING unnest($1) AS again (id), {schema}.done
WHERE done.id = again.id AND jobs.id = done.id
  AND (SELECT id FROM {schema}.done ORDER BY id DESC LIMIT 1) >= (SELECT id FROM unnest($1) AS new (id) ORDER BY id LIMIT 1)
