-- Whether there is an expired key.
-- 1 now
-- index: unique_keys_expiring
SELECT EXISTS (SELECT 1 FROM unique_keys WHERE expires_at <= ?1)
