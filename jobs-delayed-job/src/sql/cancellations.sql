-- The requests to cancel: rows, and the claims that they are about.
SELECT id, locked_by FROM {cancellations}
