-- Takes out again what was enqueued although it is done. Looks anew, after the insert: a job that was there when the
-- insert began may have been finished before it came to its row.
-- 1 ids
-- index: jobs_id, done_id
DELETE FROM {schema}.jobs USING unnest($1) AS again (id), {schema}.done
WHERE done.id = again.id AND jobs.id = done.id
