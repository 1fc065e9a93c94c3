-- Stores new jobs in one queue: the most frequent call, in the least commands.
local ns, channel, queue = take(), take(), take()
redis.call('SADD', ns .. 'queues', queue)
for from = at + 1, #ARGV, 1000 do
  redis.call('LPUSH', ns .. 'queue:' .. queue, unpack(ARGV, from, math.min(from + 999, #ARGV)))
end
redis.call('PUBLISH', channel, '')
return 1
