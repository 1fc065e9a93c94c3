-- Removes dead rows and their index entries. Skips the table if another session vacuums it, and locks no other session
-- out.
-- index: all of the table
VACUUM (SKIP_LOCKED, TRUNCATE false) {schema}.jobs
