-- The first and the last errors of a job, the oldest first. Long texts of earlier versions are cut.
-- 1 job id, 2 how many of the first, 3 how many of the last, 4 the most bytes of a class, 5 of a message, 6 of causes, 7 whether
-- to read logs. Bytes are counted in BLOBs, because a TEXT ends at U+0000 for `substr` and `length`.
-- index: primary key of errors
SELECT substr(CAST(class AS BLOB), 1, ?4), substr(CAST(message AS BLOB), 1, ?5),
       CASE WHEN length(CAST(causes AS BLOB)) <= ?6 THEN causes END, attempt, duration_ms, at, process, CASE WHEN ?7 THEN log END
FROM errors
WHERE job = ?1 AND n IN (
  SELECT n FROM (SELECT n FROM errors WHERE job = ?1 ORDER BY n LIMIT ?2)
  UNION SELECT n FROM (SELECT n FROM errors WHERE job = ?1 ORDER BY n DESC LIMIT ?3)
)
ORDER BY n
