-- The first and the last errors of a job, the oldest first. Long texts of earlier versions are cut.
-- 1 job id, 2 how many of the first, 3 how many of the last, 4 the most characters of a class, 5 of a message, 6 of causes
-- index: primary key of errors
SELECT substr(class, 1, ?4), substr(message, 1, ?5), CASE WHEN length(causes) <= ?6 THEN causes END, attempt, duration_ms,
       at, process
FROM errors
WHERE job = ?1 AND n IN (
  SELECT n FROM (SELECT n FROM errors WHERE job = ?1 ORDER BY n LIMIT ?2)
  UNION SELECT n FROM (SELECT n FROM errors WHERE job = ?1 ORDER BY n DESC LIMIT ?3)
)
ORDER BY n
