-- What all scripts begin with: the reader of their arguments. A text of a job is never decoded or encoded in a script: cjson
-- changes large numbers and empty arrays.
local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end

-- Redis does not undo what a script wrote before an error. So each script finds out before it removes anything whether a later
-- command would be refused. Answers with what is wrong with a key, or with nothing if it can hold values of this type.
local types = {}
local writes = {hash = 'HSET', list = 'RPUSH', set = 'SADD', zset = 'ZADD'}
local function refusal(key, wanted)
  local found = types[key]
  if not found then
    found = redis.call('TYPE', key).ok
    -- From Redis 7 on a script can ask what its user may do.
    if redis.acl_check_cmd and not redis.acl_check_cmd(writes[wanted], key, '0', '0') then found = 'forbidden' end
    types[key] = found
  end
  if found == 'forbidden' then
    return 'NOPERM this user of Redis may not write to the key `' .. key .. '`: give it the right to'
  end
  if found ~= 'none' and found ~= wanted then
    return 'WRONGTYPE the key `' .. key .. '` is a ' .. found .. ' and should be a ' .. wanted .. ': rename or remove it'
  end
end

-- Once a script has written anything, Redis refuses it no more because its memory is full. This changes nothing.
local function write_on_full_memory(ns)
  redis.call('DEL', ns .. 'jobs_rs:nothing')
end

-- Wakes those who listen. A user of Redis may lack the right to it; they find the jobs by looking.
local function wake(channel)
  redis.pcall('PUBLISH', channel, '')
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
