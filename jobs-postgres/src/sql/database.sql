-- The name of the database, to compare it with that of a transaction of a caller.
-- index: none, it is a name
SELECT current_database()::text
