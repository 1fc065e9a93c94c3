-- Asks a process for a status: it stays in the row until the process has it, because a heartbeat never goes back.
-- 1 id, 2 the new status, 3 whether a quiet process is asked too
-- index: primary key
UPDATE processes SET phase = ?2 WHERE id = ?1 AND lost = 0 AND (phase = 'running' OR (?3 AND phase = 'quiet'))
