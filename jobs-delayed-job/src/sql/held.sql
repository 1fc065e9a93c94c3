-- Locks rows, and says by which claims they are held.
SELECT id, locked_by FROM {jobs} WHERE id IN {ids} ORDER BY id {lock}
