-- For how many milliseconds the job had been due when it was claimed, while it is claimed and after it has finished. With `due_at` it
-- tells when that was, in two or three bytes: eight bytes more in each row that is claimed cost a tenth of the speed of a
-- drain. An older program leaves it as it is.
ALTER TABLE jobs ADD COLUMN waited_ms INTEGER;

-- Which claims are to be cancelled. A row is about one claim of a job, so it means nothing any more when the claim has ended; it is
-- removed with the next request.
CREATE TABLE cancellations (
  job   BLOB    NOT NULL,
  claim INTEGER NOT NULL,
  PRIMARY KEY (job, claim)
) STRICT, WITHOUT ROWID;
