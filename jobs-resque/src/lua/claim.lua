-- Takes jobs from the left ends of queues, one for each free slot, and writes what each slot performs: with the keys of Resque,
-- so that its pages and its pruning see the job. Answers with worker, queue, value and text of each, and whether crashes are
-- counted, whether there are texts that are not JSON, why queues give no jobs, and whether it has stopped at too many texts that
-- are not JSON. Such a text goes to a list of its own: the value would break the pages.
local ns, process, limit, claim = take(), take(), tonumber(take()), take()
local heartbeat, started, run_at, now = take(), take(), take(), tonumber(take())
-- The parts of the id of a worker before and after the number of its slot.
local before, after = take(), take()
local claims, released = ns .. 'jobs_rs:claims:' .. process, ns .. 'jobs_rs:released:' .. process
local why = refusal(claims, 'hash') or refusal(released, 'set') or refusal(ns .. 'jobs_rs:claimers', 'set')
  or refusal(ns .. 'workers', 'set') or refusal(ns .. 'workers:heartbeat', 'hash') or refusal(ns .. 'queues', 'set', true)
  or refusal(ns .. 'jobs_rs:unreadable', 'list') or refusal(ns .. 'worker:' .. before .. '0' .. after, 'string')
if why then return redis.error_reply(why) end
-- A claim that its process has given up arrives too late to take anything.
if redis.call('SISMEMBER', released, claim) == 1 then return {{}, 0, 0, {}, 0} end
local claimed, full = {}, all_paused(ns)

local sequences = {
  '[\194-\223][\128-\191]', '\224[\160-\191][\128-\191]', '\237[\128-\159][\128-\191]',
  '[\225-\236\238\239][\128-\191][\128-\191]', '\240[\144-\191][\128-\191][\128-\191]',
  '[\241-\243][\128-\191][\128-\191][\128-\191]', '\244[\128-\143][\128-\191][\128-\191]',
}
local function is_utf8(text)
  if not string.find(text, '[\128-\255]') then return true end
  for _, sequence in ipairs(sequences) do text = string.gsub(text, sequence, ' ') end
  return not string.find(text, '[\128-\255]')
end
-- The reader of JSON in Redis takes more than JSON: numbers as 0x10, NaN and 01, and anything behind a NUL.
local function is_strict(text)
  local bare = string.gsub(string.gsub(text, '\\.', ''), '"[^"%z\1-\31]*"', '')
  for word in string.gmatch(bare, '[^%[%]{}:, \t\r\n]+') do
    local number = string.gsub(string.gsub(word, '[eE][+-]?%d+$', ''), '^(%-?%d+)%.%d+$', '%1')
    local is_number = string.find(number, '^%-?%d+$') and not string.find(number, '^%-?0%d')
    if not is_number and word ~= 'true' and word ~= 'false' and word ~= 'null' then return false end
  end
  return true
end
local function is_json(text)
  local decoded, value = pcall(cjson.decode, text)
  return decoded and type(value) == 'table' and is_strict(text) and is_utf8(text)
end

-- The form of a text of Ruby by which what we know of its job is found: the same for all that encoders of Ruby write for it.
local escapes = {['003c'] = '<', ['003e'] = '>', ['0026'] = '&', ['2028'] = '\226\128\168', ['2029'] = '\226\128\169'}
local function with_floats(bare)
  return (string.gsub(bare, '%d[%d.eE+-]*', function(run)
    local float = string.find(run, '[.eE]') and tonumber(run)
    return float and string.format('%.16e', float)
  end))
end
local function string_end(text, from)
  while true do
    local at = string.find(text, '["\\]', from)
    if not at then return #text end
    if string.sub(text, at, at) == '"' then return at end
    from = at + 2
  end
end
local function any_spelling(text)
  text = string.gsub(text, '\\u(%x%x%x%x)', escapes)
  local form, from = {}, 1
  while from <= #text do
    local quote = string.find(text, '"', from, true) or #text + 1
    table.insert(form, with_floats(string.sub(text, from, quote - 1)))
    from = string_end(text, quote + 1) + 1
    table.insert(form, string.sub(text, quote, from - 1))
  end
  return table.concat(form)
end

-- The text with what we know of the job, if a scheduler of Ruby has moved it: that one writes class and arguments alone. Its
-- clock may be ahead by a minute. What is older than a day is of a job that was cancelled.
local function with_own(text)
  if string.sub(text, -1) ~= '}' or string.find(text, '"jobs_rs":', 1, true) then return text end
  local key = ns .. 'jobs_rs:waiting:' .. any_spelling(text)
  if refusal(key, 'zset') then return text end
  local member = redis.call('ZRANGEBYSCORE', key, now - 86400, now + 60, 'LIMIT', 0, 1)[1]
  if not member then return text end
  redis.call('ZREM', key, member)
  return string.sub(text, 1, -2) .. ',"jobs_rs":' .. string.sub(member, 17) .. '}'
end

local no_queue = {}
local function gives_none(queue, why)
  table.insert(no_queue, 'the queue `' .. queue .. '` gives no jobs: ' .. why)
end

-- After so many texts that are not JSON the next claim goes on, so that Redis answers others meanwhile.
local bad_left = 1000

local function pop(queue)
  -- A key of another type, or one that this user may not write to, is no queue.
  local why = refusal(ns .. 'queue:' .. queue, 'list')
  if why then return gives_none(queue, why) end
  while bad_left > 0 do
    -- Before Redis 7 a script learns only so that its user may not write to the key.
    local text = redis.pcall('LPOP', ns .. 'queue:' .. queue)
    if not text then return nil end
    if is_refused_key(text) then return gives_none(queue, text.err) end
    if type(text) == 'table' then text = redis.call('LPOP', ns .. 'queue:' .. queue) end
    if is_json(text) then return with_own(text) end
    redis.call('RPUSH', ns .. 'jobs_rs:unreadable', queue .. '\n' .. text)
    bad_left = bad_left - 1
  end
end

-- The id of the next slot without a job: those that the process knows to be free, then the ones behind them.
local next_slot
local free = {}
for n = 1, tonumber(take()) do free[n] = take() end
local function next_free()
  while true do
    local slot = table.remove(free, 1)
    if slot then next_slot = tonumber(slot) else next_slot = (next_slot or -1) + 1 end
    local id = before .. string.format('%d', next_slot) .. after
    if redis.call('EXISTS', ns .. 'worker:' .. id) == 0 then return id end
  end
end

-- Claims at most so many jobs of a queue; how many it were.
local number = 0
local function claim_from(queue, most)
  local name = cjson.encode(queue)
  for n = 1, most do
    local text = pop(queue)
    if not text then return n - 1 end
    local id, token = next_free(), string.format('%.0f', tonumber(claim) + number)
    local value = '{"queue":' .. name .. ',"run_at":"' .. run_at .. '","payload":' .. text .. ',"token":"' .. token .. '"}'
    redis.call('SET', ns .. 'worker:' .. id, value)
    redis.call('HSET', claims, token, id)
    if redis.call('SADD', ns .. 'workers', id) == 1 then
      redis.call('SET', ns .. 'worker:' .. id .. ':started', started)
      redis.call('HSET', ns .. 'workers:heartbeat', id, heartbeat)
    end
    table.insert(claimed, {id, queue, value, text})
    number = number + 1
  end
  return most
end

-- The queues of a selector that no earlier one has and that are not paused, those of a pattern by name.
local closed = {}
local function select(kind, name)
  local all, queues = {name}, {}
  if kind ~= 'exact' then
    all = redis.call('SMEMBERS', ns .. 'queues')
    table.sort(all)
  end
  for _, queue in ipairs(all) do
    local selected = kind == 'exact' or string.sub(queue, 1, #name) == name
    -- A name that is not UTF-8 would make a value that cannot be read.
    if selected and not closed[queue] and is_utf8(queue) then
      closed[queue] = true
      if not is_paused(ns, queue) then table.insert(queues, queue) end
    end
  end
  return queues
end

for _ = 1, full and 0 or tonumber(take()) do
  local queues = select(take(), take())
  local most = math.min(tonumber(take()), limit - number)
  for _, queue in ipairs(queues) do
    if most < 1 then break end
    most = most - claim_from(queue, most)
  end
end
if number > 0 then redis.call('SADD', ns .. 'jobs_rs:claimers', process) end
local has_crashes = redis.call('TYPE', ns .. 'jobs_rs:crashes').ok == 'hash' and 1 or 0
return {claimed, has_crashes, redis.call('EXISTS', ns .. 'jobs_rs:unreadable'), no_queue, bad_left == 0 and 1 or 0}
