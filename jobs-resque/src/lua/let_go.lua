-- This process is the master of resque-scheduler no longer, so that a scheduler of Ruby can be.
local lock, name = take(), take()
if redis.call('GET', lock) == name then return redis.call('DEL', lock) end
return 0
