-- Adds jobs to the right ends of their queues, all or none: the namespace, then queue and text of each.
local ns = ARGV[1]
for at = 2, #ARGV, 2 do
  redis.call('SADD', ns .. 'queues', ARGV[at])
  redis.call('RPUSH', ns .. 'queue:' .. ARGV[at], ARGV[at + 1])
end
return (#ARGV - 1) / 2
