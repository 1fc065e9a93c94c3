-- The name of the database, to compare it with that of a transaction of a caller, and its encoding.
-- index: none
SELECT current_database()::text, current_setting('server_encoding')
