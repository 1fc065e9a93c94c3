-- Writes the heartbeat of a process.
UPDATE {processes}
SET name = ?, host = ?, pid = ?, phase = ?, started_at = ?, heartbeat_at = ?, slow = ?, recovered_at = NULL WHERE id = ?
