-- Stores new jobs. Their numbers are in the order of the lists.
INSERT INTO {jobs} (priority, attempts, handler, run_at, queue, created_at, updated_at)
SELECT priority, 0, handler, run_at, queue, received_at, received_at
FROM unnest(?::bigint[], ?::text[], ?::timestamp[], ?::text[], ?::timestamp[]) WITH ORDINALITY
  AS n (priority, handler, run_at, queue, received_at, place)
ORDER BY place
