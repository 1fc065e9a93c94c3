-- Records a heartbeat, and adds the process if it is unknown.
-- 1 id, 2 name, 3 host, 4 pid, 5 phase, 6 now, 7 slow jobs
-- index: primary key
INSERT INTO processes (id, name, host, pid, phase, started_at, heartbeat_at, slow)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
ON CONFLICT (id) DO UPDATE
SET name = ?2, host = ?3, pid = ?4, phase = ?5, heartbeat_at = ?6, slow = ?7, lost = 0,
    started_at = CASE lost WHEN 1 THEN ?6 ELSE started_at END
