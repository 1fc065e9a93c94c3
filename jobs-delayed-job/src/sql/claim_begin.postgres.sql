-- The paused queues, at the beginning of a claim. Until the end of the transaction PostgreSQL reads along the index rather than to
-- sort all ready rows: it expects few rows without a lock, above all in a table that was not analyzed.
SELECT p.name FROM (SELECT set_config('enable_sort', 'off', true)) AS setting LEFT JOIN {paused} p ON true
