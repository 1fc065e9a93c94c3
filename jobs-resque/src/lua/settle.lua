-- Ends runs, each if it is still what its worker performs: the namespace, then worker, value, what becomes of the job (`done`,
-- `failed` or `back`), the queue, and the failure record or the text that goes back. Answers with 1 or 0 for each.
local ns, answers = ARGV[1], {}
for at = 2, #ARGV, 5 do
  local id, value, becomes, queue, text = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  if redis.call('GET', ns .. 'worker:' .. id) ~= value then
    table.insert(answers, 0)
  else
    redis.call('DEL', ns .. 'worker:' .. id)
    if becomes == 'back' then
      redis.call('SADD', ns .. 'queues', queue)
      redis.call('LPUSH', ns .. 'queue:' .. queue, text)
    else
      redis.call('INCR', ns .. 'stat:processed')
      redis.call('INCR', ns .. 'stat:processed:' .. id)
    end
    if becomes == 'failed' then
      redis.call('RPUSH', ns .. 'failed', text)
      redis.call('INCR', ns .. 'stat:failed')
      redis.call('INCR', ns .. 'stat:failed:' .. id)
    end
    table.insert(answers, 1)
  end
end
return answers
