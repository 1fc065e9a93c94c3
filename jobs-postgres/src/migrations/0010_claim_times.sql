-- When the job was claimed, while it is claimed and after it has finished. An older program leaves it as it is.
ALTER TABLE {schema}.jobs ADD COLUMN claimed_at bigint;
ALTER TABLE {schema}.done ADD COLUMN claimed_at bigint;

-- Which claims are to be cancelled. A row is about one claim of a job, so it means nothing any more when the claim has ended; it is
-- removed with the next request.
CREATE TABLE {schema}.cancellations (
  job   uuid   NOT NULL,
  claim bigint NOT NULL,
  PRIMARY KEY (job, claim)
);
