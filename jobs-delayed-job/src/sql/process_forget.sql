-- Forgets a process.
DELETE FROM {processes} WHERE id = ?
