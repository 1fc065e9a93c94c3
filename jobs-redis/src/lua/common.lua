-- What the scripts of all stores begin with: the reader of their arguments, and what keeps a refused command from losing a job.
-- More arguments than Redis takes in a command come as one, each behind its length.
local ARGV, packed = ARGV, ARGV[1] == 'packed' and ARGV[2]
if packed then
  ARGV = {}
  local n, from = 0, 1
  while from <= #packed do
    n = n + 1
    ARGV[n], from = struct.unpack('>I4c0', packed, from)
  end
end
local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end

-- Redis does not undo what a script wrote before an error. So each script finds out before it removes anything whether a later
-- command would be refused. Answers with what is wrong with a key, or with nothing if it can hold values of this type.
local types = {}
local writes = {hash = 'HSET', list = 'RPUSH', set = 'SADD', string = 'SET', zset = 'ZADD'}
-- A script that only reads the key says so.
local function refusal(key, wanted, reads)
  local found = types[key]
  if not found then
    -- A user without any right to the key may not even ask for its type.
    found = redis.pcall('TYPE', key).ok or 'forbidden'
    -- From Redis 7 on a script can ask what its user may do.
    local is_checked = redis.acl_check_cmd and not reads
    if is_checked and not redis.acl_check_cmd(writes[wanted], key, '0', '0') then found = 'forbidden' end
    if not reads then types[key] = found end
  end
  if found == 'forbidden' then
    local what = reads and 'read' or 'write to'
    return 'NOPERM this user of Redis may not ' .. what .. ' the key `' .. key .. '`: give it the right to'
  end
  if found ~= 'none' and found ~= wanted then
    return 'WRONGTYPE the key `' .. key .. '` is a ' .. found .. ' and should be a ' .. wanted .. ': rename or remove it'
  end
end

-- Once a script has written anything, Redis refuses it no more because its memory is full. This changes nothing.
local function write_on_full_memory(ns)
  redis.call('DEL', ns .. 'jobs_rs:nothing')
end

-- Wakes those who listen. A user of Redis may lack the right to it; they find the jobs by looking.
local function wake(channel)
  redis.pcall('PUBLISH', channel, '')
end

-- Whether Redis refused a command for its key alone: it has another type, or this user of Redis may not write to it. Another server
-- would refuse it too.
local function is_refused_key(reply)
  if type(reply) ~= 'table' or not reply.err then return false end
  -- Before Redis 7 the refusal has no code.
  for _, why in ipairs({'WRONGTYPE', 'NOPERM', "can't access"}) do
    if string.find(reply.err, why, 1, true) then return true end
  end
  return false
end
