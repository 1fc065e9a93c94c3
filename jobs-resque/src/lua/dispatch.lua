-- Moves texts of a due second, each if it is still there and this process is still the master: the namespace, the lock, the name
-- of this process, and the second; then the text, the list that it goes to, its queue (empty for the list of failures), and the
-- text for that list. Answers with how many were moved.
local ns, second, moved = ARGV[1], ARGV[4], 0
if redis.call('GET', ARGV[2]) ~= ARGV[3] then return 0 end
local delayed = ns .. 'delayed:' .. second
for at = 5, #ARGV, 4 do
  local text, list, queue, in_list = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if redis.call('LREM', delayed, 1, text) == 1 then
    if queue ~= '' then redis.call('SADD', ns .. 'queues', queue) end
    redis.call('RPUSH', ns .. list, in_list)
    redis.call('SREM', ns .. 'timestamps:' .. text, 'delayed:' .. second)
    moved = moved + 1
  end
end
if redis.call('EXISTS', delayed) == 0 then redis.call('ZREM', ns .. 'delayed_queue_schedule', second) end
return moved
