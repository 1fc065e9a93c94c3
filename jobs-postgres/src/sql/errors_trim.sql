-- Removes errors of jobs that are neither among the first nor among the last ones of their job, a thousand of each at most.
-- 1 ids
-- index: primary key of errors
DELETE FROM {schema}.errors WHERE ctid = ANY (ARRAY(
  SELECT middle.place FROM unnest($1) AS job (id)
  CROSS JOIN LATERAL (
    SELECT ctid AS place FROM {schema}.errors
    WHERE errors.job = job.id
      AND n > (SELECT n FROM {schema}.errors WHERE errors.job = job.id ORDER BY n LIMIT 1 OFFSET {first_errors} - 1)
    ORDER BY n DESC LIMIT 1000 OFFSET {last_errors}
  ) AS middle
))
