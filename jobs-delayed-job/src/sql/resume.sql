-- Ends a pause.
DELETE FROM {paused} WHERE name = ?
