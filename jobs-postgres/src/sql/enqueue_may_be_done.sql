-- Whether a job of `enqueue_copy` may be done already: whether the last id that is done is not less than all these ids.
-- Must run after the insert, with a new snapshot: see `enqueue_undo_done`.
-- 1 the least of the ids
-- index: done_id
SELECT coalesce((SELECT id FROM {schema}.done ORDER BY id DESC LIMIT 1) >= $1, false)
