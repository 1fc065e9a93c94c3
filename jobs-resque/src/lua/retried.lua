-- How many of these failure records of a list were retried: so few that other clients do not wait for it.
local list, from, to, retried = take(), take(), take(), 0
for _, record in ipairs(redis.call('LRANGE', list, from, to)) do
  if string.find(record, '"retried_at":', 1, true) then retried = retried + 1 end
end
return retried
