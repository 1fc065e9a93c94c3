-- Takes jobs from the left ends of queues, one for each idle worker, and writes what each performs: the namespace, the time of the
-- run, and the number of queues; each queue, and its name as JSON; then each worker, and the name of its run. Answers with
-- worker, queue, text and the value of each. A text that is not JSON goes to a list of its own: the value would break the pages.
local ns, run_at, queues, claimed, at = ARGV[1], ARGV[2], {}, {}, 4
local paused = redis.call('GET', ns .. 'pause-all-workers')
if paused and string.lower(string.match(paused, '^%s*(.-)%s*$')) == 'true' then return claimed end
if redis.call('EXISTS', ns .. 'pause:all') == 1 then return claimed end
for _ = 1, tonumber(ARGV[3]) do
  if redis.call('EXISTS', ns .. 'pause:queue:' .. ARGV[at]) == 0 then table.insert(queues, {ARGV[at], ARGV[at + 1]}) end
  at = at + 2
end

local sequences = {
  '[\194-\223][\128-\191]', '\224[\160-\191][\128-\191]', '\237[\128-\159][\128-\191]',
  '[\225-\236\238\239][\128-\191][\128-\191]', '\240[\144-\191][\128-\191][\128-\191]',
  '[\241-\243][\128-\191][\128-\191][\128-\191]', '\244[\128-\143][\128-\191][\128-\191]',
}
local function is_utf8(text)
  if not string.find(text, '[\128-\255]') then return true end
  for _, sequence in ipairs(sequences) do text = string.gsub(text, sequence, ' ') end
  return not string.find(text, '[\128-\255]')
end

-- The next text of a queue that is JSON.
local function pop(queue)
  while true do
    local text = redis.call('LPOP', ns .. 'queue:' .. queue)
    if not text then return nil end
    local is_json, value = pcall(cjson.decode, text)
    if is_json and type(value) == 'table' and is_utf8(text) then return text end
    redis.call('RPUSH', ns .. 'jobs_rs:unreadable', queue .. '\n' .. text)
  end
end

local next_queue = 1
for at = at, #ARGV, 2 do
  local id, token = ARGV[at], ARGV[at + 1]
  if redis.call('EXISTS', ns .. 'worker:' .. id) == 0 then
    local text
    while queues[next_queue] do
      text = pop(queues[next_queue][1])
      if text then break end
      next_queue = next_queue + 1
    end
    if not text then break end
    local queue = queues[next_queue]
    local value = '{"queue":' .. queue[2] .. ',"run_at":"' .. run_at .. '","payload":' .. text .. ',"token":"' .. token .. '"}'
    redis.call('SET', ns .. 'worker:' .. id, value)
    table.insert(claimed, {id, queue[1], text, value})
  end
end
return claimed
