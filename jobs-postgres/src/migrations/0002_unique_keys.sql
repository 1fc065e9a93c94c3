-- Unique keys: the job that took each key last, until which event, and until when at the latest.
--
-- A row does not say that the key is held: this follows from the state of the job and from whether it was ever claimed.
-- So a claim, a retry and the recovery of a dead process write nothing here. A row is removed when its job is finished
-- or discarded, or when it has expired. A row that stays behind, because another transaction had locked it at that
-- moment, holds no key.
CREATE TABLE {schema}.unique_keys (
  key        text   COLLATE "C" PRIMARY KEY,
  job        uuid   NOT NULL,
  -- How often it was taken over from another job. A transaction that takes it over has read the job that had it. If the
  -- number has changed since, another transaction was faster, and what was read is outdated.
  taken      bigint NOT NULL DEFAULT 0,
  -- `start`, `done`, or NULL for neither: then only the time counts, not the state of the job.
  until      text,
  expires_at bigint
) WITH (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0
);

CREATE INDEX unique_keys_job ON {schema}.unique_keys (job);
CREATE INDEX unique_keys_expiring ON {schema}.unique_keys (expires_at) WHERE expires_at IS NOT NULL;
