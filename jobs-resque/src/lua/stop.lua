-- Forgets a process that stopped with its workers, and puts the jobs that they still perform back at the left ends of their
-- queues, without a failure record. A job whose queue cannot take it stays, and is recovered later. Answers whether the process
-- was given up before.
local ns, channel, process, master_lock, master = take(), take(), take(), take(), take()
local why = refusal(ns .. 'workers', 'set') or refusal(ns .. 'workers:heartbeat', 'hash')
  or refusal(ns .. 'jobs_rs:claimers', 'set') or refusal(ns .. 'jobs_rs:processes', 'hash') or refusal(ns .. 'jobs_rs:lost', 'set')
if why then return redis.error_reply(why) end
write_on_full_memory(ns)
local back = give_back(ns, process, redis.call('HKEYS', ns .. 'jobs_rs:claims:' .. process))
unregister(ns, process)
if redis.call('EXISTS', ns .. 'jobs_rs:claims:' .. process) == 0 then redis.call('SREM', ns .. 'jobs_rs:claimers', process) end
redis.call('HDEL', ns .. 'jobs_rs:processes', process)
redis.pcall('HDEL', ns .. 'jobs_rs:orders', process)
redis.call('DEL', ns .. 'jobs_rs:cancel:' .. process)
if redis.call('GET', master_lock) == master then redis.call('DEL', master_lock) end
if back > 0 then wake(channel) end
return redis.call('SREM', ns .. 'jobs_rs:lost', process)
