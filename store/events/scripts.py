"""What Redis does in one step, so that nobody sees or leaves half of it."""

# KEYS: the shared stream; then, if the event has one, its subject's and the index of all subjects'
# streams by the time of their last event; then, if it is a line of a log, the stream of all logs,
# that log, the logs that are closed, and the jobs whose logs are to be kept.
# ARGV: the event, how many of them each stream keeps, how many the stream of all logs does, whether
# the caller cannot tell if an earlier try went through, a time before the event in milliseconds
# since 1970, the subject's id, whether it is its job's last event, and for progress its attempt.
# Progress is let go when it comes too late, from a worker that slept: its attempt was given up. The
# job's last event is returned then. Where the caller cannot tell, the event is looked for first, at
# least 200 entries back and until that time: its bytes hold the time and all else, so equal bytes
# are one event.
APPEND = """
local function ms(id) return tonumber(string.match(id, '^%d+')) end
local OVER = {JOB_RETRIED = true, JOB_SUCCEEDED = true, JOB_FAILED = true, JOB_CANCELLED = true}
if ARGV[9] ~= '' then
  local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
  local event = last and cjson.decode(last[2][2]) or {}
  local newest, its = event.attempt or 0, tonumber(ARGV[9])
  if newest > its or newest == its and OVER[event.kind] then return last[1] end
end
if ARGV[5] == '1' then
  local key, from, page = KEYS[2] or KEYS[1], '+', nil
  repeat
    page = redis.call('XREVRANGE', key, from, '-', 'COUNT', 200)
    for _, entry in ipairs(page) do
      if entry[2][2] == ARGV[1] then return entry[1] end
    end
    if #page > 0 then from = '(' .. page[#page][1] end
  until #page < 200 or ms(page[#page][1]) < tonumber(ARGV[6])
end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'e', ARGV[1])
if KEYS[2] then
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], id, 'e', ARGV[1])
  redis.call('ZADD', KEYS[3], ms(id), KEYS[2])
end
if KEYS[4] and not redis.call('ZSCORE', KEYS[6], ARGV[7]) then
  local line = redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', 'e', ARGV[1])
  redis.call('XADD', KEYS[5], line, 'e', ARGV[1])
  if ARGV[8] == '1' then redis.call('ZADD', KEYS[7], 'NX', ms(line), ARGV[7]) end
end
return id
"""

# KEYS: the index of subjects' streams. ARGV: milliseconds since 1970. The last event stays, so that
# whoever saw it is not told of a gap; the stream stays as well: it knows that it was trimmed.
TIDY = """
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 100)
for _, stream in ipairs(old) do
  redis.call('XTRIM', stream, 'MAXLEN', '=', 1)
  redis.call('ZREM', KEYS[1], stream)
end
"""

# KEYS: the stream of all logs, one log, and the logs that are closed. ARGV: the job's id, how many
# lines the stream of all logs keeps and how many a log takes, how many entries are looked at for an
# earlier try, the line that says that the log is full, and the lines.
# Lines come together or not at all, and no two are equal, so the last one stands for all of them.
# Returns whether the log has room for more.
APPEND_LINES = """
if redis.call('ZSCORE', KEYS[3], ARGV[1]) then return 0 end
for _, entry in ipairs(redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', ARGV[4])) do
  if entry[2][2] == ARGV[#ARGV] then return 1 end
  if entry[2][2] == ARGV[5] then return 0 end
end
local function add(line)
  local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'e', line)
  redis.call('XADD', KEYS[2], id, 'e', line)
end
local room = tonumber(ARGV[3]) - redis.call('XLEN', KEYS[2])
for n = 6, #ARGV do
  if n - 5 > room then
    add(ARGV[5])
    return 0
  end
  add(ARGV[n])
end
return 1
"""

# KEYS: the jobs whose logs are to be kept, by the time of their end, and the logs that are closed.
# ARGV: how many milliseconds ago they ended at least, and how long a log stays closed. What is
# closed takes no line any more, so whoever reads it reads all of it.
CLOSE_LOGS = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[2])
local ended = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1], 'LIMIT', 0, 20)
for _, job in ipairs(ended) do redis.call('ZADD', KEYS[2], 'NX', now, job) end
return ended
"""
