#!/usr/bin/env bash
# Starts AWS's DynamoDB Local on this machine, in memory, until Ctrl+C: the same that ./test.sh uses. No AWS account is needed.
#
#   ./eng/dynamodb-local.sh          on port 8000
#   ./eng/dynamodb-local.sh 8123     on another one
#
# Needs a Java runtime, and npm once to fetch it; both are installed with apt-get if they are missing and that is allowed.
set -euo pipefail
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${DIGESTSTORE_CACHE:-$root/.cache}
port=${1:-8000}
work=$(mktemp -d)
trap 'forget_fetch; rm -rf "$work"' EXIT

say() { echo "==> $*"; }

fail() {
  echo "error: $*" >&2
  exit 1
}

# shellcheck source=tests/engines/engines.sh
. "$root/tests/engines/engines.sh"

case $port in '' | *[!0-9]*) fail "'$port' is not a port: give a number, or nothing for 8000." ;; esac
if (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  fail "Something listens on port $port already. Stop it, or give another port: ./eng/dynamodb-local.sh $((port + 1))"
fi
mkdir -p "$cache"
ensure_java
fetch_dynamodb_local
say "DynamoDB Local: http://localhost:$port (Ctrl+C stops it, and what it holds is gone). In another terminal:"
say "dotnet run --project samples/EmailDigest -- --endpoint http://localhost:$port"
rm -rf "$work"   # The engine takes this script's place, so nothing runs after it.
run_dynamodb_local "$port"
