-- Forgets the requests whose claims have ended.
DELETE FROM {cancellations} WHERE NOT EXISTS (
  SELECT 1 FROM {jobs} j WHERE j.id = {cancellations}.id AND j.locked_by = {cancellations}.locked_by
)
