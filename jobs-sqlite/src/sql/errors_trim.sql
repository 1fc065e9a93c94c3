-- Removes errors of a job that are neither among its first nor among its last ones, a thousand at most.
-- 1 job id, 2 how many of the first less one, 3 how many of the last
-- index: primary key of errors
DELETE FROM errors WHERE job = ?1 AND n IN (
  SELECT n FROM errors
  WHERE job = ?1 AND n > (SELECT n FROM errors WHERE job = ?1 ORDER BY n LIMIT 1 OFFSET ?2)
  ORDER BY n DESC LIMIT 1000 OFFSET ?3
)
