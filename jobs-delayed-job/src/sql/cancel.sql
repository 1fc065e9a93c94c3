-- Keeps a request to cancel a claim.
{insert_ignore} INTO {cancellations} (id, locked_by) VALUES (?, ?) {or_ignore}
