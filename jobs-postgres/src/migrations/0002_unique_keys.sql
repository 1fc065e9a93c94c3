-- Unique keys: who took each last, until which event, and until when at the latest.
--
-- A row does not say that the key is held: that is read off the job, its state and whether it was ever claimed. So a
-- claim, a retry and the recovery of a dead process write nothing here. A row goes when its job is finished or discarded,
-- or when its time is over; one that stays behind, because somebody else had locked it at that moment, holds nothing.
CREATE TABLE {schema}.unique_keys (
  key        text   COLLATE "C" PRIMARY KEY,
  job        uuid   NOT NULL,
  -- How often it was taken over from another job. Who takes it over has looked at the job that had it; if the number
  -- is another by then, somebody else was faster, and the look is worth nothing.
  taken      bigint NOT NULL DEFAULT 0,
  -- `start`, `done`, or NULL for neither: then the time alone counts, whatever becomes of the job.
  until      text,
  expires_at bigint
) WITH (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0
);

CREATE INDEX unique_keys_job ON {schema}.unique_keys (job);
CREATE INDEX unique_keys_expiring ON {schema}.unique_keys (expires_at) WHERE expires_at IS NOT NULL;
