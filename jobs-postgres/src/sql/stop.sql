-- Forgets a process: whether it may hold jobs, and whether it had been given up as dead. A claim of it that is on its
-- way comes to an end first, so what it claimed is seen by the statement after this one.
-- 1 id
-- index: primary keys
WITH gone AS (
  DELETE FROM {schema}.processes WHERE id = $1 RETURNING lost
),
holder AS (
  DELETE FROM {schema}.holders WHERE process = $1 RETURNING 1
)
SELECT EXISTS (SELECT FROM holder), coalesce((SELECT lost FROM gone), false)
