-- The delayed jobs of the first seconds up to now, if no other process is the master of resque-scheduler: this one is, until it
-- lets go. Answers with 1 if it is, and second, text and waiting members of each.
local ns, lock, name, expires, now, most = take(), take(), take(), take(), take(), tonumber(take())
write_on_full_memory(ns)
if redis.call('EXISTS', ns .. 'delayed_queue_schedule') == 0 then return {1, {}} end
-- The seconds that are due, at most so many. Members that are none are passed over, however many stand before.
local function due_seconds(limit)
  local seconds, from = {}, 0
  repeat
    local members = redis.call('ZRANGEBYSCORE', ns .. 'delayed_queue_schedule', '-inf', now, 'LIMIT', from, 1000)
    for _, member in ipairs(members) do
      if #seconds < limit and is_second(member) then table.insert(seconds, member) end
    end
    from = from + #members
  until #seconds >= limit or #members == 0
  return seconds
end
-- The lock is taken for what is due alone, and at the second 0 for a change by hand.
if now ~= '0' and #due_seconds(1) == 0 then
  local holder = redis.call('GET', lock)
  return {(not holder or holder == name) and 1 or 0, {}}
end
if not redis.call('SET', lock, name, 'NX', 'EX', expires) then
  if redis.call('GET', lock) ~= name then return {0, {}} end
  redis.call('EXPIRE', lock, expires)
end
local found = {}
for _, second in ipairs(due_seconds(most)) do
  if #found >= most then break end
  -- A key of another type is no second.
  local texts = redis.pcall('LRANGE', ns .. 'delayed:' .. second, 0, most - #found - 1)
  for _, text in ipairs(texts) do table.insert(found, {second, text}) end
  -- A second without jobs is what a scheduler leaves that was killed.
  if not texts.err and #texts == 0 then redis.call('ZREM', ns .. 'delayed_queue_schedule', second) end
end
return {1, found}
