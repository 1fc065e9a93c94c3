-- Registers workers, or notes down that they are alive: the namespace, the time of the heartbeat and that of the start; then the
-- ids. Answers with how many were not registered before: new ones, or those that a worker of Ruby has removed.
local ns, added = ARGV[1], 0
for at = 4, #ARGV do
  local id = ARGV[at]
  if redis.call('SADD', ns .. 'workers', id) == 1 then
    redis.call('SET', ns .. 'worker:' .. id .. ':started', ARGV[3])
    added = added + 1
  end
  redis.call('HSET', ns .. 'workers:heartbeat', id, ARGV[2])
end
return added
