-- Moves jobs, each if it is still where it was. Answers with 1 or 0 for each step, and with the numbers of the refused steps, from
-- 1 on, and why. With `each` a
-- step that is refused changes nothing and stops no other; otherwise nothing at all is changed.
local ns, channel, master_lock, master, each = take(), take(), take(), take(), take() == '1'
-- Whether the last guard held; steps after one that did not hold do nothing.
local open, changed = true, false

-- No other member of a sorted set begins so, and those of one score stay in the order of their arrival.
local function numbered(text)
  return string.format('%015d:', redis.call('INCR', ns .. 'jobs_rs:sequence')) .. text
end

-- A queue's name, and what else Ruby needs to see it.
local function push(command, queue, text)
  redis.call('SADD', ns .. 'queues', queue)
  redis.call(command, ns .. 'queue:' .. queue, text)
  changed = true
end

-- Takes a job from where it is; 1 if it was there.
local remove = {}
function remove.new() return 1 end
function remove.run(worker, value, process, claim)
  redis.call('HDEL', ns .. 'jobs_rs:claims:' .. process, claim)
  if redis.call('GET', ns .. 'worker:' .. worker) ~= value then return 0 end
  return redis.call('DEL', ns .. 'worker:' .. worker)
end
function remove.queue(queue, text) return redis.call('LREM', ns .. 'queue:' .. queue, 1, text) end
function remove.soon(member) return redis.call('ZREM', ns .. 'jobs_rs:soon', member) end
function remove.aside(text) return redis.call('LREM', ns .. 'jobs_rs:unreadable', 1, text) end
function remove.failed(list, text) return redis.call('LREM', ns .. list, 1, text) end
-- A failure record that stays, with the time of the retry in it, wherever it stands by now.
function remove.retried(list, text, record)
  local index = redis.call('LPOS', ns .. list, text)
  if not index then return 0 end
  redis.call('LSET', ns .. list, index, record)
  return 1
end
-- A delayed job, with all that resque-scheduler and we know of it.
function remove.delayed(second, text, waiting, member, is_due)
  local list = ns .. 'delayed:' .. second
  if redis.call('LREM', list, 1, text) == 0 then return 0 end
  -- All of a due second go soon, and to look for an equal one would read the whole list for each.
  if is_due or not redis.call('LPOS', list, text) then redis.call('SREM', ns .. 'timestamps:' .. text, 'delayed:' .. second) end
  if redis.call('EXISTS', list) == 0 then redis.call('ZREM', ns .. 'delayed_queue_schedule', second) end
  if member ~= '' then redis.call('ZREM', ns .. 'jobs_rs:waiting:' .. waiting, member) end
  return 1
end
-- The same of a due second, while this process is the master.
function remove.due(second, text, waiting, member)
  if redis.call('GET', master_lock) ~= master then return 0 end
  return remove.delayed(second, text, waiting, member, true)
end

local put = {}
function put.nowhere() end
function put.right(queue, text) push('RPUSH', queue, text) end
function put.left(queue, text) push('LPUSH', queue, text) end
function put.soon(micros, text)
  redis.call('ZADD', ns .. 'jobs_rs:soon', micros, numbered(text))
  changed = true
end
function put.failed(list, record)
  redis.call('RPUSH', ns .. list, record)
  if list ~= 'failed' then redis.call('SADD', ns .. 'failed_queues', list) end
end
-- A delayed job in the three keys of resque-scheduler, and what only we know of it beside them.
function put.delayed(second, text, waiting, own, seconds_kept)
  redis.call('RPUSH', ns .. 'delayed:' .. second, text)
  redis.call('SADD', ns .. 'timestamps:' .. text, 'delayed:' .. second)
  redis.call('ZADD', ns .. 'delayed_queue_schedule', second, second)
  if own ~= '' then
    local key = ns .. 'jobs_rs:waiting:' .. waiting
    redis.call('ZADD', key, second, numbered(own))
    if redis.call('TTL', key) < tonumber(seconds_kept) then redis.call('EXPIRE', key, seconds_kept) end
  end
  changed = true
end

-- Numbers cost no job if they cannot be counted.
local function count(flags, id, worker)
  for flag in string.gmatch(flags, '.') do
    if flag == 'p' or flag == 'f' then
      local stat = flag == 'p' and 'processed' or 'failed'
      redis.pcall('INCR', ns .. 'stat:' .. stat)
      redis.pcall('INCR', ns .. 'stat:' .. stat .. ':' .. worker)
    elseif flag == 'c' then
      redis.pcall('HDEL', ns .. 'jobs_rs:crashes', id)
    elseif flag == 'i' then
      redis.pcall('HINCRBY', ns .. 'jobs_rs:crashes', id, 1)
      -- Three days after the last crash of any job the numbers start from zero.
      redis.pcall('EXPIRE', ns .. 'jobs_rs:crashes', 259200)
    end
  end
end

-- Why Redis would refuse to take a job from where it is, or to put it where it goes, if it would.
local from_refusal = {}
function from_refusal.new() end
function from_refusal.run(worker, _, process)
  return refusal(ns .. 'jobs_rs:claims:' .. process, 'hash') or refusal(ns .. 'worker:' .. worker, 'string')
end
function from_refusal.queue(queue) return refusal(ns .. 'queue:' .. queue, 'list') end
function from_refusal.soon() return refusal(ns .. 'jobs_rs:soon', 'zset') end
function from_refusal.aside() return refusal(ns .. 'jobs_rs:unreadable', 'list') end
function from_refusal.failed(list) return refusal(ns .. list, 'list') end
from_refusal.retried = from_refusal.failed
function from_refusal.delayed(second, text, waiting, member)
  return refusal(ns .. 'delayed:' .. second, 'list') or refusal(ns .. 'timestamps:' .. text, 'set')
    or refusal(ns .. 'delayed_queue_schedule', 'zset')
    or (member ~= '' and refusal(ns .. 'jobs_rs:waiting:' .. waiting, 'zset')) or nil
end
from_refusal.due = from_refusal.delayed

local to_refusal = {}
function to_refusal.nowhere() end
function to_refusal.right(queue) return refusal(ns .. 'queues', 'set') or refusal(ns .. 'queue:' .. queue, 'list') end
to_refusal.left = to_refusal.right
local function sequence_refusal()
  local key = ns .. 'jobs_rs:sequence'
  local why = refusal(key, 'string')
  if why then return why end
  local number = redis.call('GET', key)
  if number and (#number > 15 or not string.find(number, '^%d+$')) then
    return 'WRONGTYPE the key `' .. key .. '` is not a number: remove it'
  end
end
function to_refusal.soon() return from_refusal.soon() or sequence_refusal() end
function to_refusal.failed(list)
  return refusal(ns .. list, 'list') or (list ~= 'failed' and refusal(ns .. 'failed_queues', 'set')) or nil
end
function to_refusal.delayed(second, text, waiting, own)
  return from_refusal.delayed(second, text, waiting, own) or (own ~= '' and sequence_refusal()) or nil
end

-- The same for a step of any kind.
local step_refusal = {}
function step_refusal.move()
  local source = {take(), take(), take(), take(), take()}
  local target = {take(), take(), take(), take(), take(), take()}
  at = at + 2
  return from_refusal[source[1]](unpack(source, 2)) or to_refusal[target[1]](unpack(target, 2))
end
function step_refusal.guard()
  local why = refusal(ns .. take(), 'hash')
  at = at + 3
  return why
end
function step_refusal.open() end
function step_refusal.forget()
  at = at + 2
  local claims = ns .. 'jobs_rs:claims:' .. ARGV[at - 1]
  return refusal(claims, 'hash') or refusal(ns .. 'jobs_rs:lost', 'set') or refusal(ns .. 'jobs_rs:claimers', 'set')
    or refusal(ns .. 'workers', 'set') or refusal(ns .. 'workers:heartbeat', 'hash')
end

-- By step, why it is refused.
local refused = {}
local steps = tonumber(take())
local first = at
for n = 1, steps do
  local kind = take()
  local is_new = kind ~= 'move' or ARGV[at + 1] == 'new'
  local why = step_refusal[kind]()
  if why and (is_new or not each) then return redis.error_reply(why) end
  refused[n] = why
end
at = first

local step = {}
function step.move(n)
  local source = {take(), take(), take(), take(), take()}
  local target = {take(), take(), take(), take(), take(), take()}
  local flags, id = take(), take()
  if not open or refused[n] or remove[source[1]](unpack(source, 2)) == 0 then return 0 end
  put[target[1]](unpack(target, 2))
  count(flags, id, source[2])
  return 1
end
-- Changes a field of a hash if it is what it was. An empty text means that there is no such field.
function step.guard()
  local key, field, old, new = ns .. take(), take(), take(), take()
  open = (redis.call('HGET', key, field) or '') == old
  if not open then return 0 end
  if new == '' then redis.call('HDEL', key, field) else redis.call('HSET', key, field, new) end
  return 1
end
-- Ends the effect of a guard.
function step.open()
  open = true
  return 1
end
-- Forgets a process that lost its jobs.
function step.forget()
  local process, was_known = take(), take()
  if not open then return 0 end
  if was_known == '1' then
    redis.call('SADD', ns .. 'jobs_rs:lost', process)
    -- Most of them are dead and never ask.
    redis.call('EXPIRE', ns .. 'jobs_rs:lost', 86400)
  end
  unregister(ns, process)
  drop_pruned(ns, process)
  if redis.call('EXISTS', ns .. 'jobs_rs:claims:' .. process) == 0 then
    redis.call('SREM', ns .. 'jobs_rs:claimers', process)
  end
  return 1
end

local answers, reasons = {}, {}
for n = 1, steps do
  answers[n] = step[take()](n)
  if refused[n] and open then
    table.insert(reasons, n)
    table.insert(reasons, refused[n])
  end
end
if changed then wake(channel) end
return {answers, reasons}
