-- Forgets a process that stopped with its workers, and puts the jobs that they still perform back at the left ends of their
-- queues, without a failure record. Answers whether the process was given up before.
local ns, channel, process, master_lock, master = take(), take(), take(), take(), take()
write_on_full_memory(ns)
local back = give_back(ns, process, redis.call('HKEYS', ns .. 'jobs_rs:claims:' .. process))
unregister(ns, process)
redis.call('SREM', ns .. 'jobs_rs:claimers', process)
redis.call('HDEL', ns .. 'jobs_rs:processes', process)
if redis.call('GET', master_lock) == master then redis.call('DEL', master_lock) end
if back > 0 then wake(channel) end
return redis.call('SREM', ns .. 'jobs_rs:lost', process)
