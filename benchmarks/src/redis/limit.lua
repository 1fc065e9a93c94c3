-- Ends the claims that are named, and claims as many jobs of the queue as are asked for: texts go from the list of the queue
-- into a hash of claims, as `jobs` keeps them, and the numbers of Sidekiq's pages are counted.
local base, limit, day = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local done = 0
for n = 4, #ARGV do
  done = done + redis.call('HDEL', 'limit:claimed', ARGV[n])
end
if done > 0 then
  redis.call('INCRBY', 'stat:processed', done)
  redis.call('INCRBY', 'stat:processed:' .. day, done)
end
if limit == 0 then return {} end
local texts = redis.call('RPOP', 'queue:default', limit) or {}
local fields = {}
for n, text in ipairs(texts) do
  fields[2 * n - 1] = base .. ':' .. n
  fields[2 * n] = text
end
if #fields > 0 then redis.call('HSET', 'limit:claimed', unpack(fields)) end
return texts
