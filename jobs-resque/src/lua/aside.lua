-- Moves texts that are no jobs from where they were put aside to the list of failures, each if it is still there: the namespace,
-- then text and failure record of each.
local ns = ARGV[1]
for at = 2, #ARGV, 2 do
  if redis.call('LREM', ns .. 'jobs_rs:unreadable', 1, ARGV[at]) == 1 then
    redis.call('RPUSH', ns .. 'failed', ARGV[at + 1])
  end
end
return 1
