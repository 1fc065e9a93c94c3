-- Whether some job of `enqueue_many` may be done already: if the last one that is done is not before the first of these.
-- Looks anew, after the insert: see `enqueue_again`.
-- 1 the least of the ids
-- index: done_id
SELECT coalesce((SELECT id FROM {schema}.done ORDER BY id DESC LIMIT 1) >= $1, false)
