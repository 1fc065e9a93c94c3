-- Stores new jobs in one queue, all or none: the most frequent call, in the least commands.
local ns, channel, queue = take(), take(), take()
local is_new = redis.call('SADD', ns .. 'queues', queue) == 1
for from = at + 1, #ARGV, 1000 do
  local pushed = redis.pcall('LPUSH', ns .. 'queue:' .. queue, unpack(ARGV, from, math.min(from + 999, #ARGV)))
  if type(pushed) == 'table' then
    -- A queue that cannot have jobs breaks Sidekiq's page of queues.
    if is_new then redis.call('SREM', ns .. 'queues', queue) end
    return pushed
  end
end
wake(channel)
return 1
