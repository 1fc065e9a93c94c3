-- Follows `settle`: the numbers of the settlements that were written, and the notification of those that brought work.
-- index: none
SELECT ARRAY(SELECT n::integer FROM left_over UNION ALL SELECT n::integer FROM moved) AS written,
       (SELECT pg_notify('{channel}', '') FROM moved WHERE state <> 4 LIMIT 1)
