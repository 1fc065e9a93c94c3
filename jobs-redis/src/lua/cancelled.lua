-- The jobs of a process that are to be cancelled. A request whose claim has ended is forgotten.
local ns, process, claims = take(), take(), take()
local key = ns .. 'jobs_rs:cancel:' .. process
local requests, jobs = redis.call('HGETALL', key), {}
if #requests == 0 then return jobs end
for n = 1, #requests, 2 do
  if redis.call('HEXISTS', claims, requests[n]) == 1 then
    table.insert(jobs, requests[n + 1])
  else
    redis.call('HDEL', key, requests[n])
  end
end
redis.call('EXPIRE', key, 86400)
return jobs
