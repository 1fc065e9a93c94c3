-- When the job was claimed, while it is claimed and after it has finished. An older program leaves it as it is.
ALTER TABLE jobs ADD COLUMN claimed_at INTEGER;

-- Which claims are to be cancelled. A row is about one claim of a job, so it means nothing any more when the claim has ended; it is
-- removed with the next request.
CREATE TABLE cancellations (
  job   BLOB    NOT NULL,
  claim INTEGER NOT NULL,
  PRIMARY KEY (job, claim)
) STRICT, WITHOUT ROWID;
