-- Sends the requests of a file, in turn, and prints what came of them as JSON.
--
-- Arguments: a file with header lines, an empty line, and one "METHOD path" per line;
-- optionally a file with the body of those that are no GET, in which every {n} becomes a number of its own, and the
-- number to begin with.
local raw, method, path, body, number, turn = {}, {}, {}, nil, 0, 0

function init(args)
   local head = true
   for line in io.lines(args[1]) do
      if head and line == "" then
         head = false
      elseif head then
         local name, value = line:match("^([^:]+): (.*)$")
         -- Beside the host, which is there already.
         wrk.headers[name] = value
      else
         local verb, address = line:match("^(%S+) (.*)$")
         method[#method + 1], path[#path + 1] = verb, address
      end
   end
   if args[2] then
      local file = io.open(args[2], "rb")
      body = file:read("*a")
      file:close()
      number = tonumber(args[3])
   end
   for place, address in ipairs(path) do
      if method[place] == "GET" then
         raw[place] = wrk.format("GET", address)
      end
   end
end

function request()
   turn = turn % #path + 1
   if raw[turn] then
      return raw[turn]
   end
   number = number + 1
   local own = tostring(number)
   local address = path[turn]:gsub("{n}", own)
   local content = body:gsub("{n}", own)
   return wrk.format(method[turn], address, nil, content)
end

function done(summary, latency)
   local failed = summary.errors
   io.write(string.format(
      '{"requests":%d,"us":%d,"bytes":%d,"errors":%d,"p50":%d,"p95":%d,"p99":%d}\n',
      summary.requests, summary.duration, summary.bytes,
      failed.connect + failed.read + failed.write + failed.status + failed.timeout,
      latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
