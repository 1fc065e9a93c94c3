-- Moves jobs, each if it is still where it was. Answers with 1 or 0 for each step.
local ns, channel, master_lock, master = take(), take(), take(), take()
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
function remove.delayed(second, text, waiting, member)
  local list = ns .. 'delayed:' .. second
  if redis.call('LREM', list, 1, text) == 0 then return 0 end
  if not redis.call('LPOS', list, text) then redis.call('SREM', ns .. 'timestamps:' .. text, 'delayed:' .. second) end
  if redis.call('EXISTS', list) == 0 then redis.call('ZREM', ns .. 'delayed_queue_schedule', second) end
  if member ~= '' then redis.call('ZREM', ns .. 'jobs_rs:waiting:' .. waiting, member) end
  return 1
end
-- The same of a due second, while this process is the master.
function remove.due(second, text, waiting, member)
  if redis.call('GET', master_lock) ~= master then return 0 end
  return remove.delayed(second, text, waiting, member)
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

local function count(flags, id, worker)
  for flag in string.gmatch(flags, '.') do
    if flag == 'p' or flag == 'f' then
      local stat = flag == 'p' and 'processed' or 'failed'
      redis.call('INCR', ns .. 'stat:' .. stat)
      redis.call('INCR', ns .. 'stat:' .. stat .. ':' .. worker)
    elseif flag == 'c' then
      redis.call('HDEL', ns .. 'jobs_rs:crashes', id)
    elseif flag == 'i' then
      redis.call('HINCRBY', ns .. 'jobs_rs:crashes', id, 1)
      -- Three days after the last crash of any job the numbers start from zero.
      redis.call('EXPIRE', ns .. 'jobs_rs:crashes', 259200)
    end
  end
end

local step = {}
function step.move()
  local source = {take(), take(), take(), take(), take()}
  local target = {take(), take(), take(), take(), take(), take()}
  local flags, id = take(), take()
  if not open or remove[source[1]](unpack(source, 2)) == 0 then return 0 end
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
  if redis.call('EXISTS', ns .. 'jobs_rs:claims:' .. process) == 0 then
    redis.call('SREM', ns .. 'jobs_rs:claimers', process)
  end
  return 1
end

local answers = {}
for n = 1, tonumber(take()) do answers[n] = step[take()]() end
if changed then redis.call('PUBLISH', channel, '') end
return answers
