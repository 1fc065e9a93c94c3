-- Keeps what a process is asked for until it stops. Answers with 1 if that is new: the process is registered, and neither its own
-- status nor what it is asked already is as much.
local ns, process, status = take(), take(), take()
local orders = ns .. 'jobs_rs:orders'
local why = refusal(orders, 'hash') or refusal(ns .. 'jobs_rs:processes', 'hash', true)
if why then return redis.error_reply(why) end
local known = redis.call('HGET', ns .. 'jobs_rs:processes', process)
if not known then return 0 end
local rank = {running = 0, quiet = 1, stopped = 2}
-- In the JSON of a heartbeat no value has a quotation mark without a backslash.
local is = rank[string.match(known, '"phase":"(%a+)"')] or 0
local asked = rank[redis.call('HGET', orders, process)] or 0
if rank[status] <= math.max(is, asked) then return 0 end
redis.call('HSET', orders, process, status)
-- Those of processes that never came back go a day after the last order.
redis.call('EXPIRE', orders, 86400)
return 1
