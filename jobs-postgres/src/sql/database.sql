-- The database that the connection is on, as the transactions of others are asked for theirs.
-- index: none, it is a name
SELECT current_database()::text
