-- Removes a delayed job from all seconds to come in which this text waits. A second that is due is left alone: the scheduler may
-- be moving it. The namespace, the second now, and the text.
local ns, now, text = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local timestamps, removed = ns .. 'timestamps:' .. text, 0
for _, list in ipairs(redis.call('SMEMBERS', timestamps)) do
  local second = string.match(list, '^delayed:(%-?%d+)$')
  if second and tonumber(second) > now then
    removed = removed + redis.call('LREM', ns .. list, 0, text)
    redis.call('SREM', timestamps, list)
    if redis.call('EXISTS', ns .. list) == 0 then redis.call('ZREM', ns .. 'delayed_queue_schedule', second) end
  end
end
return removed
