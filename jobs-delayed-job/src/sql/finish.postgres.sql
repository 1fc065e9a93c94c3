-- Deletes jobs that are held by these claims, and answers which.
DELETE FROM {jobs} AS j USING unnest(?::bigint[], ?::text[]) AS t (id, ending)
WHERE j.id = t.id AND right(j.locked_by, length(t.ending)) = t.ending
RETURNING j.id
