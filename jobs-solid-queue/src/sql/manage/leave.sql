-- A job leaves a state. One row is deleted, unless another program was faster.
DELETE FROM {table} WHERE job_id = ?
