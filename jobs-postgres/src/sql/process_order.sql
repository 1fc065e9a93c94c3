-- Asks a process for a status: it stays in the row until the process has it, because a heartbeat never goes back.
-- 1 id, 2 the new status, 3 the statuses before it
-- index: primary key
UPDATE {schema}.processes SET phase = $2 WHERE id = $1 AND NOT lost AND phase = ANY ($3) RETURNING 1
