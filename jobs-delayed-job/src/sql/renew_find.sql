-- Locks rows whose lock is to be renewed; rows that are being settled need it no more.
SELECT id, locked_by FROM {jobs} WHERE id IN {ids} AND failed_at IS NULL ORDER BY id {skip_locked}
