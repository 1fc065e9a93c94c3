-- Removes expired keys.
-- 1 now, 2 limit
-- index: unique_keys_expiring
DELETE FROM unique_keys WHERE key IN (SELECT key FROM unique_keys WHERE expires_at <= ?1 LIMIT ?2)
