-- Sets a heartbeat of a time to come to now.
UPDATE {processes} SET heartbeat_at = ? WHERE id = ?
