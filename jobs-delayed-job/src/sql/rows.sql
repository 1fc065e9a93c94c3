-- Reads jobs by the numbers of their rows.
SELECT {columns} FROM {jobs} WHERE id IN {ids} ORDER BY id
