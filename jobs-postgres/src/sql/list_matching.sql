-- The common part of the lists: the conditions, the order and the length of a page. Rows that match a text are checked
-- again by the caller, because an error is stored as JSON.
-- 1 id after which to begin, 2 id before which to end, 3 state, 4 queue, 5 name, 6 text in an error, escaped as in JSON,
-- 7 text in arguments or id, both in small letters of ASCII, 8 and 9 enqueued from and until, 10 and 11 due, each or NULL, 12 limit,
-- 13 whether arguments and meta are wanted
-- index: primary key of errors
  -- Blocked and failed jobs are few among others: in this form the ids can be found in no index but that of these states.
  AND ($1 IS NULL OR CASE WHEN $3 IN (1, 4) THEN (state, id) > ($3, $1) ELSE id > $1 END)
  AND ($2 IS NULL OR CASE WHEN $3 IN (1, 4) THEN (state, id) < ($3, $2) ELSE id < $2 END)
  AND ($4 IS NULL OR queue = $4) AND ($5 IS NULL OR name = $5)
  AND ($8 IS NULL OR enqueued_at >= $8) AND ($9 IS NULL OR enqueued_at < $9)
  AND ($10 IS NULL OR due_at >= $10) AND ($11 IS NULL OR due_at < $11)
  AND ($7 IS NULL OR strpos(lower(arguments COLLATE "C"), $7) > 0 OR strpos(id::text, $7) > 0)
  -- A finished job that was claimed once has no errors.
  AND ($6 IS NULL OR claims > CASE state WHEN 5 THEN 1 ELSE 0 END
    AND strpos(lower((SELECT error FROM {schema}.errors WHERE job = looked_at.id ORDER BY n DESC LIMIT 1) COLLATE "C"), $6)
      > 0)
ORDER BY id /*DESC*/ LIMIT $12
