-- The texts of the first second that is due, if this process is the master of resque-scheduler or can become it: the namespace,
-- the lock, the name of this process, seconds until the lock expires, the second now, and how many texts. Answers with 1 if it is
-- the master, the second, and the texts.
local ns, lock, name, expires = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if not redis.call('SET', lock, name, 'NX', 'EX', expires) then
  if redis.call('GET', lock) ~= name then return {0, '', {}} end
  redis.call('EXPIRE', lock, expires)
end
local seconds = redis.call('ZRANGEBYSCORE', ns .. 'delayed_queue_schedule', '-inf', ARGV[5], 'LIMIT', 0, 1)
if #seconds == 0 then return {1, '', {}} end
local texts = redis.call('LRANGE', ns .. 'delayed:' .. seconds[1], 0, ARGV[6] - 1)
-- A second without jobs is what a scheduler leaves that was killed.
if #texts == 0 then redis.call('ZREM', ns .. 'delayed_queue_schedule', seconds[1]) end
return {1, seconds[1], texts}
