-- Pauses a queue as resque-pause does, or ends the pause. Answers with 1 if it changed anything.
local ns, channel, queue, paused = take(), take(), take(), take()
local key, was = ns .. 'pause:queue:' .. queue, is_paused(ns, queue)
if paused == '1' then
  redis.call('SET', key, 'true')
  redis.call('SADD', ns .. 'jobs_rs:paused', queue)
else
  redis.call('DEL', key)
  redis.call('SREM', ns .. 'jobs_rs:paused', queue)
end
wake(channel)
return (was ~= (paused == '1')) and 1 or 0
