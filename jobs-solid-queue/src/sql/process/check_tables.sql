-- Answers no row if the tables have the columns that came last: `name` of processes with 0.6, the recurring tasks with 0.7.
SELECT p.name, t.static, s.value FROM solid_queue_processes p, solid_queue_recurring_tasks t, solid_queue_semaphores s WHERE 1 = 0
