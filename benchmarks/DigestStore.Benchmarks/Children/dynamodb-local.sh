#!/usr/bin/env bash
# Fetches and starts DynamoDB Local as the tests do, prints its URL on standard output and all else on standard error, and stops it
# when standard input ends.
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
cache=${DIGESTSTORE_CACHE:-$root/.cache}
work=$(mktemp -d)
exec 3>&1 1>&2

say() { echo "==> $*"; }

fail() {
  echo "error: $*" >&2
  exit 1
}

# shellcheck source=tests/engines/engines.sh
. "$root/tests/engines/engines.sh"

trap 'stop_engines; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir -p "$cache"
ensure_java
fetch_dynamodb_local
start_engine "DynamoDB Local" run_dynamodb_local
echo "http://127.0.0.1:$engine_port" >&3
cat >/dev/null
