-- The number of the newest row, by which a look sees that there are new jobs.
SELECT MAX(id) FROM {jobs}
