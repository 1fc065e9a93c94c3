-- The numbers of the rows and the ids that Rust gave their jobs.
SELECT id, {own_id} FROM {jobs}{conditions}
