-- The position at which a window of a list ends.
SELECT {position} FROM {table} WHERE {conditions} ORDER BY {position} {direction} LIMIT 1 OFFSET ?
