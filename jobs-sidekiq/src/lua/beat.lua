-- Notes down that a process is alive, for us and for Sidekiq's pages. Answers whether it was given up since its last heartbeat,
-- and with the status that it is asked for, on Sidekiq's page or through this store.
local ns, process, now, description = take(), take(), take(), take()
local identity, fields = take(), {}
for _ = 1, tonumber(take()) do table.insert(fields, take()) end
local running = {}
for _ = 1, tonumber(take()) do table.insert(running, take()) end
local refused = refusal(ns .. 'jobs_rs:lost', 'set') or refusal(ns .. 'processes', 'set') or refusal(ns .. identity, 'hash')
if refused then return redis.error_reply(refused) end

local known = redis.call('HGET', ns .. 'jobs_rs:processes', process)
local started = known and string.match(known, '^%-?%d+') or now
-- The others take the jobs of a process that is silent, whatever the reason.
write_on_full_memory(ns)
redis.call('HSET', ns .. 'jobs_rs:processes', process, started .. ':' .. now .. ':' .. description)

redis.call('SADD', ns .. 'processes', identity)
call_with('HSET', ns .. identity, fields)
redis.call('EXPIRE', ns .. identity, 60)
-- Sidekiq 6.4 reads `workers`, all others read `work`.
for _, key in ipairs({ns .. identity .. ':work', ns .. identity .. ':workers'}) do
  redis.call('DEL', key)
  if #running > 0 then
    call_with('HSET', key, running)
    redis.call('EXPIRE', key, 60)
  end
end
-- As Sidekiq: once a minute over all processes, those whose hash has expired are forgotten.
if redis.call('SET', ns .. 'process_cleanup', '1', 'NX', 'EX', 60) then
  for _, member in ipairs(redis.call('SMEMBERS', ns .. 'processes')) do
    local info = redis.pcall('HGET', ns .. member, 'info')
    if type(info) ~= 'string' then redis.call('SREM', ns .. 'processes', member) end
  end
end
-- A signal of the page is an order from here on, so that it is not lost with this answer. An order only goes on, up to `stopped`.
local orders = ns .. 'jobs_rs:orders'
local asked = redis.pcall('HGET', orders, process)
local signal = ({TSTP = 'quiet', TERM = 'stopped'})[redis.pcall('RPOP', ns .. identity .. '-signals')]
if signal and asked ~= 'stopped' then
  asked = signal
  redis.pcall('HSET', orders, process, asked)
  redis.pcall('EXPIRE', orders, 86400)
end
return {redis.call('SREM', ns .. 'jobs_rs:lost', process), type(asked) == 'string' and asked}
