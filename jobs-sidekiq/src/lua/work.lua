-- Moves jobs, each if its text is still where it was, then claims ready jobs. Answers with the numbers of the steps that were not
-- done, with the claimed texts by queue, whether crashes are counted, which of the steps are refused and why, and why queues
-- give no jobs. With `each` a step that is refused changes nothing and stops no other; otherwise nothing at all is changed.
local ns, channel, day = take(), take(), take()
local dead_before, dead_most = take(), take()
local each, process, base = take() == '1', take(), take()
local claims = ns .. 'jobs_rs:claimed:' .. process

-- The steps that were not done.
local undone = {}
-- Whether the last guard held; steps after one that did not hold do nothing.
local open = true
local left, right = {}, {}
local processed, failed = 0, 0
local changed, died = false, false
-- By step, why it is refused.
local refused = {}

-- Adds to a sorted set under a score that no other member has: the web page takes a member by its score. The score is the
-- time or, if that is taken, a few microseconds earlier.
local next_free = {}
local function add(key, micros, text)
  local score, step = next_free[key .. micros] or tonumber(micros), 1
  local decimal = string.format('%.6f', score / 1e6)
  while redis.call('ZCOUNT', key, decimal, decimal) > 0 do
    score, step = score - step, step * 2
    decimal = string.format('%.6f', score / 1e6)
  end
  redis.call('ZADD', key, decimal, text)
  next_free[key .. micros] = score - 1
end

-- What is added, from the last to the first: of several at one time the first comes first.
local added = {}
local function add_all()
  for n = #added, 1, -1 do add(unpack(added[n])) end
end

local function push(ends, queue, text)
  if not ends[queue] then ends[queue] = {} end
  table.insert(ends[queue], text)
end

-- Takes a text from where it is; 1 if it was there.
local function remove(source, key, what)
  if source == 'new' then return 1 end
  if source == 'claimed' then return redis.call('HDEL', ns .. 'jobs_rs:claimed:' .. key, what) end
  if source == 'set' then return redis.call('ZREM', ns .. key, what) end
  return redis.call('LREM', ns .. 'queue:' .. key, -1, what)
end

local function put(target, key, micros, text)
  if target == 'left' then push(left, key, text) end
  if target == 'right' then push(right, key, text) end
  if target == 'set' then table.insert(added, {ns .. key, micros, text}) end
  died = died or (target == 'set' and key == 'dead')
  changed = changed or (target ~= 'nowhere' and key ~= 'dead')
end

-- Most of the time no process has died, and there is no number of crashes to forget.
local has_crashes = redis.call('TYPE', ns .. 'jobs_rs:crashes').ok == 'hash'
local forgotten = {}
local function forget_crashes(id)
  if has_crashes then table.insert(forgotten, id) end
end

local function count(flags, id)
  for flag in string.gmatch(flags, '.') do
    if flag == 'p' then processed = processed + 1 end
    if flag == 'f' then failed = failed + 1 end
    if flag == 'c' then forget_crashes(id) end
    if flag == 'i' then
      -- A number that cannot be counted costs no job.
      has_crashes = type(redis.pcall('HINCRBY', ns .. 'jobs_rs:crashes', id, 1)) == 'number'
      -- Three days after the last crash of any job the numbers start from zero.
      redis.call('EXPIRE', ns .. 'jobs_rs:crashes', 259200)
    end
  end
end

local function move(step)
  local source, from, what = take(), take(), take()
  local target, key, micros, text = take(), take(), take(), take()
  local flags, id = take(), take()
  if not open then return 0 end
  if refused[step] then return -1 end
  local value = target == 'back' and redis.call('HGET', ns .. 'jobs_rs:claimed:' .. from, what)
  if remove(source, from, what) == 0 then return 0 end
  if value then
    local queue, was = parts(value)
    put('right', queue, micros, was)
  else
    put(target, key, micros, text)
  end
  count(flags, id)
  return 1
end

-- Changes a field of a hash if it is what it was. An empty text means that there is no such field.
local function guard()
  local key, field, old, new = ns .. take(), take(), take(), take()
  open = (redis.call('HGET', key, field) or '') == old
  if not open then return 0 end
  if new == '' then redis.call('HDEL', key, field) else redis.call('HSET', key, field, new) end
  return 1
end

-- Forgets a process that lost its jobs.
local function forget()
  local process, was_known = take(), take()
  if not open then return 0 end
  if was_known == '1' then
    redis.call('SADD', ns .. 'jobs_rs:lost', process)
    -- Most of them are dead and never ask.
    redis.call('EXPIRE', ns .. 'jobs_rs:lost', 86400)
  end
  if redis.call('EXISTS', ns .. 'jobs_rs:claimed:' .. process) == 0 then
    redis.call('SREM', ns .. 'jobs_rs:claimers', process)
  end
  return 1
end

-- Takes claims of a process out of its hash; answers with those that were there. Of many it reads once which ones are there: a
-- command for each costs more.
local function take_out(key, fields)
  local there = {}
  if #fields > 20 and 4 * #fields > redis.call('HLEN', key) then
    local held, found = {}, {}
    for _, field in ipairs(redis.call('HKEYS', key)) do held[field] = true end
    for n, field in ipairs(fields) do
      if held[field] then
        there[n] = true
        held[field] = nil
        found[#found + 1] = field
      end
    end
    call_with('HDEL', key, found)
  else
    for n, field in ipairs(fields) do there[n] = redis.call('HDEL', key, field) == 1 end
  end
  return there
end

-- The usual end of jobs of one process, in few words; with or without the `jid` of each, for its crashes.
local function finish(step, words)
  local key, jobs = ns .. 'jobs_rs:claimed:' .. take(), tonumber(take())
  local fields = {}
  for n = 1, jobs do fields[n] = ARGV[at + words * (n - 1) + 1] end
  local there = take_out(key, fields)
  for n = 1, jobs do
    if not there[n] then
      undone[#undone + 1] = step + n - 1
    else
      processed = processed + 1
      if words == 2 then forget_crashes(ARGV[at + 2 * n]) end
    end
  end
  at = at + words * jobs
  return jobs
end

-- New texts for one queue, in few words.
local function push_all(step)
  local queue, jobs = take(), tonumber(take())
  if not left[queue] then left[queue] = {} end
  local texts = left[queue]
  for n = 0, jobs - 1 do
    if open then texts[#texts + 1] = ARGV[at + 1] else undone[#undone + 1] = step + n end
    at = at + 1
  end
  changed = changed or open
  return jobs
end

-- Why Redis would refuse what a move does, if it would.
local function move_refusal()
  local source, from, what = take(), take(), take()
  local target, key = take(), take()
  at = at + 4
  local why
  if source == 'claimed' then why = refusal(ns .. 'jobs_rs:claimed:' .. from, 'hash') end
  if source == 'set' then why = refusal(ns .. from, 'zset') end
  if source == 'queue' then why = refusal(ns .. 'queue:' .. from, 'list') end
  if why or target == 'nowhere' then return why end
  if target == 'set' then return refusal(ns .. key, 'zset') end
  if target == 'back' then
    local value = redis.call('HGET', ns .. 'jobs_rs:claimed:' .. from, what)
    if not value then return end
    key = parts(value)
    if not key then return 'WRONGTYPE the claim `' .. what .. '` of ' .. from .. ' cannot be read: remove it from its hash' end
  end
  return refusal(ns .. 'queues', 'set') or refusal(ns .. 'queue:' .. key, 'list')
end

-- The same for a step of any kind, and how many steps it stands for.
local function step_refusal(kind)
  if kind == 'move' then
    return move_refusal(), 1
  elseif kind == 'finish' or kind == 'finish and forget' then
    local why, jobs = refusal(ns .. 'jobs_rs:claimed:' .. take(), 'hash'), tonumber(take())
    at = at + (kind == 'finish' and 1 or 2) * jobs
    return why, jobs
  elseif kind == 'push' then
    local why, jobs = refusal(ns .. 'queues', 'set') or refusal(ns .. 'queue:' .. take(), 'list'), tonumber(take())
    at = at + jobs
    return why, jobs
  elseif kind == 'guard' then
    local why = refusal(ns .. take(), 'hash')
    at = at + 3
    return why, 1
  elseif kind == 'forget' then
    at = at + 2
    return refusal(ns .. 'jobs_rs:lost', 'set') or refusal(ns .. 'jobs_rs:claimers', 'set'), 1
  end
  return nil, 1
end

-- Why nothing is to be done, if it is so. Moves that are refused by themselves are noted down.
local function find_refusals()
  local from, step, steps = at, 1, tonumber(take())
  while step <= steps do
    local kind = take()
    local is_new = kind ~= 'move' or ARGV[at + 1] == 'new'
    local why, jobs = step_refusal(kind)
    if why and (is_new or not each) then return why end
    refused[step] = why
    step = step + jobs
  end
  at = from
  if process == '' then return end
  return refusal(claims, 'hash') or refusal(ns .. 'jobs_rs:claimers', 'set') or refusal(ns .. 'queues', 'set', true)
    or refusal(ns .. 'paused', 'set', true) or refusal(ns .. 'jobs_rs:released:' .. process, 'set')
end

local why = find_refusals()
if why then return redis.error_reply(why) end
-- A claim that its process has given up arrives too late to take anything.
local is_released = process ~= '' and redis.call('SISMEMBER', ns .. 'jobs_rs:released:' .. process, base) == 1

local step, steps = 1, tonumber(take())
local refusals = {}
while step <= steps do
  local kind, jobs, answer = take(), 1, 1
  if kind == 'move' then
    answer = move(step)
  elseif kind == 'finish' then
    jobs = finish(step, 1)
  elseif kind == 'finish and forget' then
    jobs = finish(step, 2)
  elseif kind == 'push' then
    jobs = push_all(step)
  elseif kind == 'guard' then
    answer = guard()
  elseif kind == 'forget' then
    answer = forget()
  else
    open = true
  end
  if answer ~= 1 then undone[#undone + 1] = step end
  if answer == -1 then
    table.insert(refusals, step)
    table.insert(refusals, refused[step])
  end
  step = step + jobs
end
if #forgotten > 0 then call_with('HDEL', ns .. 'jobs_rs:crashes', forgotten) end

add_all()
for queue, texts in pairs(left) do
  if #texts > 0 then
    redis.call('SADD', ns .. 'queues', queue)
    call_with('LPUSH', ns .. 'queue:' .. queue, texts)
  end
end
for queue, texts in pairs(right) do
  local reversed = {}
  for n = #texts, 1, -1 do table.insert(reversed, texts[n]) end
  redis.call('SADD', ns .. 'queues', queue)
  call_with('RPUSH', ns .. 'queue:' .. queue, reversed)
end
if died then
  redis.call('ZREMRANGEBYSCORE', ns .. 'dead', '-inf', '(' .. dead_before)
  redis.call('ZREMRANGEBYRANK', ns .. 'dead', 0, -tonumber(dead_most))
end
-- Numbers for the pages cost no job if they cannot be counted.
if processed > 0 or failed > 0 then
  for key, by in pairs({processed = processed, failed = failed}) do
    redis.pcall('INCRBY', ns .. 'stat:' .. key, by)
    if redis.pcall('INCRBY', ns .. 'stat:' .. key .. ':' .. day, by) == by then
      -- Five years, as Sidekiq.
      redis.pcall('EXPIRE', ns .. 'stat:' .. key .. ':' .. day, 157680000)
    end
  end
end
if changed then wake(channel) end

if process == '' or is_released then return {undone, {}, has_crashes and 1 or 0, refusals, {}} end

local seconds = take()
local limit = tonumber(take())
local claimed, number = {}, 0
local no_queue = {}
-- Queues that are paused, or belong to an earlier selector.
local closed = {}
for _, queue in ipairs(redis.call('SMEMBERS', ns .. 'paused')) do closed[queue] = true end

-- Claims at most so many jobs of a queue; how many it were.
local function pop(queue, most)
  local key = ns .. 'queue:' .. queue
  local length = redis.pcall('LLEN', key)
  most = type(length) == 'table' and most or math.min(most, length)
  if most < 1 then return 0 end
  -- Of another type, or this user of Redis may only read it: the other queues give their jobs.
  local count = string.format('%.0f', most)
  local texts = redis.pcall('RPOP', key, count)
  if not texts then return 0 end
  if texts.err and not is_refused_key(texts) then redis.call('RPOP', key, count) end
  if texts.err then
    table.insert(no_queue, 'the queue `' .. queue .. '` gives no jobs: ' .. texts.err)
    return 0
  end
  local fields, what = {}, held(seconds, queue)
  for n, text in ipairs(texts) do
    fields[2 * n - 1] = base .. ':' .. number
    fields[2 * n] = what .. text
    number = number + 1
  end
  call_with('HSET', claims, fields)
  table.insert(claimed, queue)
  table.insert(claimed, texts)
  return #texts
end

-- The queues of a selector that no earlier one has.
local function select(kind, name)
  local queues = {}
  local all = {name}
  if kind ~= 'exact' then
    all = redis.call('SMEMBERS', ns .. 'queues')
    table.sort(all)
  end
  for _, queue in ipairs(all) do
    local selected = kind == 'exact' or string.sub(queue, 1, #name) == name
    if selected and not closed[queue] then
      closed[queue] = true
      table.insert(queues, queue)
    end
  end
  return queues
end

for _ = 1, tonumber(take()) do
  local queues = select(take(), take())
  local most = math.min(tonumber(take()), limit - number)
  -- Each queue gives its share first, another one the first share at each claim; then the others fill what is free.
  local share = math.ceil(most / math.max(#queues, 1))
  for round = 1, 2 do
    for n = 1, #queues do
      if most < 1 then break end
      local queue = queues[(tonumber(base) + n) % #queues + 1]
      most = most - pop(queue, round == 1 and math.min(share, most) or most)
    end
  end
end
if number > 0 then redis.call('SADD', ns .. 'jobs_rs:claimers', process) end
return {undone, claimed, has_crashes and 1 or 0, refusals, no_queue}
