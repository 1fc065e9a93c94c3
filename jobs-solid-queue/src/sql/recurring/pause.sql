-- Marks a task of Ruby as paused.
{insert_ignore} INTO solid_queue_semaphores ({key}, value, expires_at, created_at, updated_at) VALUES (?, 0, ?, ?, ?) {or_ignore}
