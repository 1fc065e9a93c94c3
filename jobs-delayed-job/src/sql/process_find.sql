-- A process, locked until it is written.
SELECT started_at, recovered_at, phase FROM {processes} WHERE id = ? {lock}
