-- The smallest number of the rows of the next part, counted down from a number.
SELECT MIN(id) FROM (SELECT id FROM {jobs} WHERE id < ? ORDER BY id DESC LIMIT ?) AS part
