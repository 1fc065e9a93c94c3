-- Keeps a request to cancel a claim. Answers with 1 if a registered process holds the claim, and else keeps nothing.
local ns, process, claims, claim, job = take(), take(), take(), take(), take()
local requests = ns .. 'jobs_rs:cancel:' .. process
local why = refusal(requests, 'hash')
if why then return redis.error_reply(why) end
if redis.call('HEXISTS', ns .. 'jobs_rs:processes', process) == 0 then return 0 end
if redis.call('HEXISTS', claims, claim) == 0 then return 0 end
redis.call('HSET', requests, claim, job)
-- A process that lives asks every few seconds, and keeps them for longer.
redis.call('EXPIRE', requests, 86400)
return 1
