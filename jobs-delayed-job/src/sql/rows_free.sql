-- Reads and locks jobs by the numbers of their rows; rows that others have locked are left to them.
SELECT {columns} FROM {jobs} WHERE id IN {ids} ORDER BY id {skip_locked}
