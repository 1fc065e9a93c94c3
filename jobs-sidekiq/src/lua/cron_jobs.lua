-- A part of the recurring jobs of the gems sidekiq-cron and sidekiq-scheduler, as their keys have them: of a set or of a hash, or the
-- jobs of sidekiq-cron under these keys. Answers where the next part begins, what was read, and why something cannot be read: it
-- hides no other job.
local ns, kind = take(), take()
local refused = {}
local function read(command, key, ...)
  local answer = redis.pcall(command, key, ...)
  if type(answer) == 'table' and not answer.err then return answer end
  if type(answer) == 'table' then table.insert(refused, 'the key `' .. key .. '` cannot be read: ' .. answer.err) end
  return {}
end
if kind == 'jobs' then
  local jobs = {}
  while at < #ARGV do
    local key = take()
    local last = read('LRANGE', ns .. key .. ':jid_history', 0, 0)
    table.insert(jobs, {key, read('HGETALL', ns .. key), last[1] or ''})
  end
  return {'0', jobs, refused}
end
local name, cursor = take(), take()
local part = read(kind == 'set' and 'SSCAN' or 'HSCAN', ns .. name, cursor, 'COUNT', 500)
return {part[1] or '0', part[2] or {}, refused}
