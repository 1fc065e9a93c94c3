-- Adds delayed jobs to the three keys of resque-scheduler, and those that are due to their queues: a scheduler of Ruby enqueues
-- a whole batch again if a due second changes. The namespace and the second now; then second, text, queue and the text in it.
local ns, now = ARGV[1], tonumber(ARGV[2])
local delayed = 0
for at = 3, #ARGV, 4 do
  local second, text, queue, in_queue = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if tonumber(second) > now then
    redis.call('RPUSH', ns .. 'delayed:' .. second, text)
    redis.call('SADD', ns .. 'timestamps:' .. text, 'delayed:' .. second)
    redis.call('ZADD', ns .. 'delayed_queue_schedule', second, second)
    delayed = delayed + 1
  else
    redis.call('SADD', ns .. 'queues', queue)
    redis.call('RPUSH', ns .. 'queue:' .. queue, in_queue)
  end
end
return delayed
