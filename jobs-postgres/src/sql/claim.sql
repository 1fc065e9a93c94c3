-- The first part of a statement that only claims. One of the parts `from_*` and then `claim_rows` follow. Its
-- parameters:
-- 1 process, 2 ticket, 3 limit, 4, 5 and 6 see `from_*`, 7 now or NULL
WITH RECURSIVE finished AS (SELECT 0 AS n WHERE false),
