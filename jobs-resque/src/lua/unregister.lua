-- Forgets workers that stop, and puts the jobs that they still perform back: the namespace, and three texts for each worker: its
-- id, the value of its job as it was read (empty for none), and queue and text of the job, joined by a line feed. Answers with
-- how many jobs went back.
local ns, back = ARGV[1], 0
for at = 2, #ARGV, 3 do
  local id, value = ARGV[at], ARGV[at + 1]
  if value ~= '' and redis.call('GET', ns .. 'worker:' .. id) == value then
    local queue, text = string.match(ARGV[at + 2], '^([^\n]*)\n(.*)$')
    redis.call('SADD', ns .. 'queues', queue)
    redis.call('LPUSH', ns .. 'queue:' .. queue, text)
    redis.call('DEL', ns .. 'worker:' .. id)
    back = back + 1
  end
  if redis.call('EXISTS', ns .. 'worker:' .. id) == 0 then
    redis.call('SREM', ns .. 'workers', id)
    redis.call('HDEL', ns .. 'workers:heartbeat', id)
    redis.call('DEL', ns .. 'worker:' .. id .. ':started', ns .. 'stat:processed:' .. id, ns .. 'stat:failed:' .. id)
  end
end
return back
