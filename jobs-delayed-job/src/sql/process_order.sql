-- Keeps the status that a process is asked for.
UPDATE {processes} SET phase = ? WHERE id = ?
