-- What all scripts begin with: the reader of their arguments. A text of a job is never decoded or encoded in a script: cjson
-- changes large numbers and empty arrays.
local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end

-- Calls a command with many values, a thousand at a time: Lua hands over no more than some thousands.
local function call_with(command, key, values)
  for from = 1, #values, 1000 do
    redis.call(command, key, unpack(values, from, math.min(from + 999, #values)))
  end
end

-- What is kept of a claimed job in front of its text as it was: when it was claimed, and its queue.
local function held(seconds, queue)
  return seconds .. ':' .. #queue .. ':' .. queue
end

-- Queue and text of it.
local function parts(value)
  local size, from = string.match(value, '^%-?%d+:(%d+):()')
  local last = from + tonumber(size)
  return string.sub(value, from, last - 1), string.sub(value, last)
end

-- The claims of a hash in their order.
local function in_order(fields)
  table.sort(fields, function(one, other)
    local a, b = string.match(one, '^(%d+):(%d+)$')
    local c, d = string.match(other, '^(%d+):(%d+)$')
    if a ~= c then return tonumber(a) < tonumber(c) end
    return tonumber(b) < tonumber(d)
  end)
  return fields
end

-- Puts claimed jobs back at the right end of their queues, in the order of the claims: the first is the next to run.
local function give_back(ns, claimed, fields)
  for n = #fields, 1, -1 do
    local value = redis.call('HGET', claimed, fields[n])
    if redis.call('HDEL', claimed, fields[n]) == 1 then
      local queue, text = parts(value)
      redis.call('SADD', ns .. 'queues', queue)
      redis.call('RPUSH', ns .. 'queue:' .. queue, text)
    end
  end
end
