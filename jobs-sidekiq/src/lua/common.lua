-- What all scripts of this store begin with. A text of a job is never decoded or encoded in a script: cjson changes large numbers
-- and empty arrays.

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

-- Queue and text of it; nothing if it is something else.
local function parts(value)
  local size, from = string.match(value, '^%-?%d+:(%d+):()')
  if not size then return end
  local last = from + tonumber(size)
  return string.sub(value, from, last - 1), string.sub(value, last)
end

-- The claims of a hash in their order.
local function in_order(fields)
  local claims = {}
  for _, field in ipairs(fields) do
    local batch, place = string.match(field, '^(%d+):(%d+)$')
    if batch then table.insert(claims, {tonumber(batch), tonumber(place), field}) end
  end
  table.sort(claims, function(one, other)
    if one[1] ~= other[1] then return one[1] < other[1] end
    return one[2] < other[2]
  end)
  for n, claim in ipairs(claims) do claims[n] = claim[3] end
  return claims
end

-- Puts claimed jobs back at the right end of their queues, in the order of the claims: the first is the next to run. A job whose
-- queue cannot take it stays claimed. Answers with how many went back.
local function give_back(ns, claimed, fields)
  local back = 0
  for n = #fields, 1, -1 do
    local queue, text = parts(redis.call('HGET', claimed, fields[n]))
    local refused = not queue or refusal(ns .. 'queues', 'set') or refusal(ns .. 'queue:' .. queue, 'list')
    if not refused then
      redis.call('HDEL', claimed, fields[n])
      redis.call('SADD', ns .. 'queues', queue)
      redis.call('RPUSH', ns .. 'queue:' .. queue, text)
      back = back + 1
    end
  end
  return back
end
