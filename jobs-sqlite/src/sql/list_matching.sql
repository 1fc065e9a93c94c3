-- The common part of the lists: the conditions, the order and the length of a page.
-- 1 id after which to begin, or NULL, 2 id before which to end, or NULL, 3 state, 4 queue, 5 name, 6 process, 7 text in an
-- error, 8 text in arguments or id, both without regard to the case of ASCII letters, 9 and 10 enqueued from and until, 11 and 12 due, 13 and 14 done, each or NULL, 15
-- limit, 16 whether arguments and meta are wanted
-- index: primary key of errors
  AND id < coalesce(?2, x'ffffffffffffffffffffffffffffffffff')
  AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR queue = ?4) AND (?5 IS NULL OR name = ?5)
  AND (?6 IS NULL OR process = ?6)
  AND (?9 IS NULL OR enqueued_at >= ?9) AND (?10 IS NULL OR enqueued_at < ?10)
  AND (?11 IS NULL OR due_at >= ?11) AND (?12 IS NULL OR due_at < ?12)
  AND (?13 IS NULL OR done_at >= ?13) AND (?14 IS NULL OR done_at < ?14)
  AND (?8 IS NULL OR instr(lower(arguments), lower(?8)) > 0 OR instr(
    lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-'
      || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21)), lower(?8)) > 0)
  AND (?7 IS NULL OR (
    SELECT instr(lower(class), lower(?7)) > 0 OR instr(lower(message), lower(?7)) > 0 FROM errors WHERE job = jobs.id ORDER BY n DESC LIMIT 1
  ))
ORDER BY id /*DESC*/ LIMIT ?15
