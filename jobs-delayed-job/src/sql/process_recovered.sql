-- Notes down that a process was taken for dead.
UPDATE {processes} SET recovered_at = ? WHERE id = ?
