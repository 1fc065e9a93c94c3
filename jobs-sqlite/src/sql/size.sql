-- How many bytes of the file are in use.
-- index: none is needed, these are fields of the file header
SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size
