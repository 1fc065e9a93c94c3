-- Pauses a queue.
{insert_ignore} INTO {paused} (name) VALUES (?) {or_ignore}
