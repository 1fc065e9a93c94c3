-- Unique keys: who took each last, until which event, and until when at the latest.
--
-- A row does not say that the key is held: that is read off the job, its state and whether it was ever claimed. So a
-- claim, a retry and the recovery of a dead process write nothing here. A row goes when its job is finished or discarded,
-- or when its time is over; one that stays behind holds nothing.

CREATE TABLE unique_keys (
  key        TEXT PRIMARY KEY,
  job        BLOB NOT NULL,
  -- `start`, `done`, or NULL for neither: then the time alone counts, whatever becomes of the job.
  until      TEXT,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX unique_keys_job ON unique_keys (job);
CREATE INDEX unique_keys_expiring ON unique_keys (expires_at) WHERE expires_at IS NOT NULL;
