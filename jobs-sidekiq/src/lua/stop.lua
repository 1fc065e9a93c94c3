-- Forgets a process that stopped, and puts the jobs that it still holds back at the right end of their queues.
local ns, channel, process, identity = take(), take(), take(), take()
local claimed = ns .. 'jobs_rs:claimed:' .. process
local fields = redis.call('HKEYS', claimed)
give_back(ns, claimed, in_order(fields))
redis.call('SREM', ns .. 'jobs_rs:claimers', process)
redis.call('HDEL', ns .. 'jobs_rs:processes', process)
redis.call('SREM', ns .. 'processes', identity)
redis.call('DEL', ns .. identity .. ':work', ns .. identity .. ':workers')
if #fields > 0 then redis.call('PUBLISH', channel, '') end
return redis.call('SREM', ns .. 'jobs_rs:lost', process)
