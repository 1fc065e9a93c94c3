-- Pauses a queue.
{insert_ignore} INTO solid_queue_pauses (queue_name, created_at) VALUES (?, ?) {or_ignore}
