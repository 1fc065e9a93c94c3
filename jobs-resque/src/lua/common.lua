-- What the scripts of this store begin with: what several of them do.

-- Whether the workers of a queue are told to take no jobs: by Resque, or by resque-pause.
local function all_paused(ns)
  local value = redis.call('GET', ns .. 'pause-all-workers')
  if value and string.lower(string.match(value, '^%s*(.-)%s*$')) == 'true' then return true end
  return redis.call('EXISTS', ns .. 'pause:all') == 1
end
local function is_paused(ns, queue)
  return redis.call('EXISTS', ns .. 'pause:queue:' .. queue) == 1
end

-- Whether a member of the schedule is a whole number of seconds, as resque-scheduler writes it.
local function is_second(member)
  return member == '0' or (#member < 18 and string.find(member, '^%-?[1-9]%d*$') ~= nil)
end

-- Forgets a worker.
local function forget_worker(ns, id)
  redis.call('SREM', ns .. 'workers', id)
  redis.call('HDEL', ns .. 'workers:heartbeat', id)
  redis.call('DEL', ns .. 'worker:' .. id .. ':started', ns .. 'stat:processed:' .. id, ns .. 'stat:failed:' .. id)
end

-- Forgets the workers of a process.
local function unregister(ns, process)
  local ids = {}
  for _, ids_of in ipairs({redis.call('SMEMBERS', ns .. 'workers'), redis.call('HKEYS', ns .. 'workers:heartbeat')}) do
    for _, id in ipairs(ids_of) do
      if string.find(id, '-' .. process .. ':', 1, true) then ids[id] = true end
    end
  end
  for id in pairs(ids) do forget_worker(ns, id) end
end

-- The queue and the text of what a worker of ours performs, as the claim wrote it.
local function running(value)
  local head, token = '"payload":', ',"token":"'
  local from = string.find(value, head, 1, true) + #head
  local last
  local next_at = string.find(value, token, from, true)
  while next_at do
    last = next_at
    next_at = string.find(value, token, last + 1, true)
  end
  local queue = cjson.decode('[' .. string.match(value, '^{"queue":(.-),"run_at":') .. ']')[1]
  return queue, string.sub(value, from, last - 1)
end

-- Forgets the claims whose workers were removed by Ruby together with their jobs; whether there were any.
local function drop_pruned(ns, process)
  local key, found = ns .. 'jobs_rs:claims:' .. process, false
  local claims = redis.call('HGETALL', key)
  for n = 1, #claims, 2 do
    local value = redis.call('GET', ns .. 'worker:' .. claims[n + 1])
    if not value or not string.find(value, ',"token":"' .. claims[n] .. '"}', 1, true) then
      redis.call('HDEL', key, claims[n])
      found = true
    end
  end
  return found
end

-- Puts what the workers of these claims perform back at the left ends of the queues, in the order of the claims: the first is
-- the next to run. A job whose queue cannot take it stays where it is. Answers with how many went back.
local function give_back(ns, process, claims)
  local claimed, back = ns .. 'jobs_rs:claims:' .. process, 0
  table.sort(claims, function(one, other) return tonumber(one) > tonumber(other) end)
  for _, claim in ipairs(claims) do
    local id = redis.call('HGET', claimed, claim)
    local value = id and redis.call('GET', ns .. 'worker:' .. id)
    if value and string.find(value, ',"token":"' .. claim .. '"}', 1, true) then
      local queue, text = running(value)
      if not refusal(ns .. 'queues', 'set') and not refusal(ns .. 'queue:' .. queue, 'list') then
        redis.call('HDEL', claimed, claim)
        redis.call('DEL', ns .. 'worker:' .. id)
        redis.call('SADD', ns .. 'queues', queue)
        redis.call('LPUSH', ns .. 'queue:' .. queue, text)
        back = back + 1
      end
    else
      redis.call('HDEL', claimed, claim)
    end
  end
  return back
end
