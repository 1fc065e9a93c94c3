-- Adds to the number of finished jobs that are kept, and to the totals.
-- 1 how many more are kept, negative for fewer, 2 how many were finished, 3 how many were discarded, 4 how many errors
-- index: primary key
UPDATE finished SET count = count + ?1, total = total + ?2, discarded = discarded + ?3, errors = errors + ?4 WHERE id = 1
