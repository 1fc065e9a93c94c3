-- Whether times have a zone, as with `datetime_type = :timestamptz` of Rails.
SELECT COUNT(*) FROM pg_attribute
WHERE attrelid = 'solid_queue_jobs'::regclass AND attname IN ('scheduled_at', 'created_at') AND atttypid = 'timestamptz'::regtype
