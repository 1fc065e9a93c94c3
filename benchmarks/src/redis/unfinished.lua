-- The number of jobs that are not done: they wait in the queue, or for their time, or a process holds them.
local jobs = redis.call('LLEN', 'queue:default') + redis.call('ZCARD', 'schedule') + redis.call('ZCARD', 'retry')
for _, process in ipairs(redis.call('SMEMBERS', 'jobs_rs:claimers')) do
  jobs = jobs + redis.call('HLEN', 'jobs_rs:claimed:' .. process)
end
return jobs + redis.call('HLEN', 'limit:claimed')
