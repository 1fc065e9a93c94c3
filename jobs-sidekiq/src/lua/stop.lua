-- Forgets a process that stopped, and puts the jobs that it still holds back at the right end of their queues. If a queue cannot
-- take its jobs, the process stays among the holders: the next recovery looks for them again.
local ns, channel, process, identity = take(), take(), take(), take()
local claimed = ns .. 'jobs_rs:claimed:' .. process
local refused = refusal(ns .. 'jobs_rs:claimers', 'set') or refusal(ns .. 'jobs_rs:processes', 'hash')
  or refusal(ns .. 'processes', 'set') or refusal(ns .. 'jobs_rs:lost', 'set')
if refused then return redis.error_reply(refused) end
local back = give_back(ns, claimed, in_order(redis.call('HKEYS', claimed)))
if redis.call('EXISTS', claimed) == 0 then redis.call('SREM', ns .. 'jobs_rs:claimers', process) end
redis.call('HDEL', ns .. 'jobs_rs:processes', process)
redis.call('SREM', ns .. 'processes', identity)
redis.call('DEL', ns .. identity .. ':work', ns .. identity .. ':workers', ns .. 'jobs_rs:cancel:' .. process)
redis.pcall('HDEL', ns .. 'jobs_rs:orders', process)
if back > 0 then wake(channel) end
return redis.call('SREM', ns .. 'jobs_rs:lost', process)
