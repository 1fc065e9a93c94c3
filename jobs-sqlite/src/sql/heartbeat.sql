-- Records a heartbeat, and adds the process if it is unknown. A status never goes back: the row may have the one that the
-- process is asked for. Returns it.
-- 1 id, 2 name, 3 host, 4 pid, 5 phase, 6 now, 7 slow jobs, 8 details
-- index: primary key
INSERT INTO processes (id, name, host, pid, phase, started_at, heartbeat_at, slow, details)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)
ON CONFLICT (id) DO UPDATE
SET name = ?2, host = ?3, pid = ?4, heartbeat_at = ?6, slow = ?7, details = ?8, lost = 0,
    phase = CASE WHEN phase = 'stopped' OR (phase = 'quiet' AND ?5 = 'running') THEN phase ELSE ?5 END,
    started_at = CASE lost WHEN 1 THEN ?6 ELSE started_at END
RETURNING phase
