-- Unique keys: the job that took each key last, until which event, and until when at the latest.
--
-- A row does not say that the key is held: this follows from the state of the job and from whether it was ever claimed.
-- So a claim, a retry and the recovery of a dead process write nothing here. A row is removed when its job is finished
-- or discarded, or when it has expired. A row that stays behind holds no key.

CREATE TABLE unique_keys (
  key        TEXT PRIMARY KEY,
  job        BLOB NOT NULL,
  -- `start`, `done`, or NULL for neither: then only the time counts, not the state of the job.
  until      TEXT,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX unique_keys_job ON unique_keys (job);
CREATE INDEX unique_keys_expiring ON unique_keys (expires_at) WHERE expires_at IS NOT NULL;
