-- Whether this user may take numbers of jobs. The server does so for each user who may insert jobs.
-- index: none
SELECT has_sequence_privilege('{schema_in_text}.jobs_seq_blocks', 'USAGE, UPDATE')
