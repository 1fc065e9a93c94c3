-- Stores new jobs in one queue: the most frequent call, in the least commands.
local ns, channel = take(), take()
local answers, texts = {}, {}
-- The number of steps, and the kind of all of them.
take() take()
local queue = take()
for n = 1, tonumber(take()) do answers[n], texts[n] = 1, take() end
redis.call('SADD', ns .. 'queues', queue)
call_with('LPUSH', ns .. 'queue:' .. queue, texts)
redis.call('PUBLISH', channel, '')
return {answers, {}, 0}
