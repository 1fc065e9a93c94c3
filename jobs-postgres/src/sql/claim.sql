-- The beginning of a statement that claims and finishes nothing: with one of the parts `from_*` and `take` behind it. Its
-- parameters:
-- 1 process, 2 ticket, 3 limit, 4 and 5 see `from_*`
WITH RECURSIVE finished AS (SELECT 0 AS n WHERE false),
