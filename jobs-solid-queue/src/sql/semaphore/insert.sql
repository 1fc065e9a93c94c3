-- The first permit of a key is taken, or a mark is set.
{insert_ignore} INTO solid_queue_semaphores ({key}, value, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?) {or_ignore}
