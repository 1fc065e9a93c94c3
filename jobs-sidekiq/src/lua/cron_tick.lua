-- Takes a tick of a job of sidekiq-cron and enqueues the job, unless another process has taken it, of Ruby or of ours: the member
-- of the sorted set is the tick, and only the first to add it enqueues. Answers whether it did.
local ns, channel, name, cron = take(), take(), take(), take()
local tick, score, forgotten_before = take(), take(), take()
local queue, text, enqueued_at, history = take(), take(), take(), take()
local key = ns .. name
local enqueued, jids = key .. ':enqueued', key .. ':jid_history'
local why = refusal(key, 'hash') or refusal(enqueued, 'zset') or refusal(jids, 'list')
  or refusal(ns .. 'queues', 'set') or refusal(ns .. 'queue:' .. queue, 'list')
if why then return redis.error_reply(why) end
-- It was disabled, changed or removed since it was read.
if redis.call('HGET', key, 'status') ~= 'enabled' or redis.call('HGET', key, 'cron') ~= cron then return 0 end
if redis.call('ZADD', enqueued, score, tick) == 0 then return 0 end
redis.call('SADD', ns .. 'queues', queue)
redis.call('LPUSH', ns .. 'queue:' .. queue, text)
redis.call('HSET', key, 'last_enqueue_time', enqueued_at)
redis.call('LPUSH', jids, history)
-- As long as Ruby keeps it, and at least as long as by default.
redis.call('LTRIM', jids, 0, math.max(redis.call('LLEN', jids) - 2, 9))
redis.call('ZREMRANGEBYSCORE', enqueued, 0, '(' .. forgotten_before)
wake(channel)
return 1
