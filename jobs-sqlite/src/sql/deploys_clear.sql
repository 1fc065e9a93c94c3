-- Removes all deploys, before those that are kept are written again.
-- index: none
DELETE FROM deploys
