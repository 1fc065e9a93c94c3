-- Removes dead rows and what indexes know of them. Gives way where somebody else does so, and locks out nobody.
-- index: all of the table
VACUUM (SKIP_LOCKED, TRUNCATE false) {schema}.jobs
