-- Adds a deploy.
-- 1 at, 2 version
-- index: primary key
INSERT INTO deploys (at, version) VALUES (?1, ?2)
