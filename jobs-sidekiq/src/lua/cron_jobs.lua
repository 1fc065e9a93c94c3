-- The recurring jobs of the gems sidekiq-cron and sidekiq-scheduler, as their keys have them. What cannot be read is left out: it
-- hides no other task.
local ns = take()
local function read(command, ...)
  local answer = redis.pcall(command, ...)
  return (type(answer) == 'table' and not answer.err) and answer or {}
end
local cron_jobs = {}
for _ = 1, tonumber(take()) do
  for _, key in ipairs(read('SMEMBERS', ns .. take())) do
    local last = read('LRANGE', ns .. key .. ':jid_history', 0, 0)
    table.insert(cron_jobs, {key, read('HGETALL', ns .. key), last[1] or ''})
  end
end
return {
  cron_jobs,
  read('HGETALL', ns .. 'schedules'),
  read('HGETALL', ns .. 'sidekiq-scheduler:states'),
  read('HGETALL', ns .. 'sidekiq-scheduler:last_times'),
}
