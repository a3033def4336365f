#!/usr/bin/env bash
# The restore drill: damages a day of a table, restores the table from a copy taken before, puts the template's settings back, and proves
# that every day is as it was. On DynamoDB Local, which it starts and stops itself; no AWS account is needed. docs/restore.md has its output.
#
#   ./eng/restore-drill.sh                                  14 days of 200 items
#   ./eng/restore-drill.sh --items 100000                   how fast this machine copies: records a second, and the time for 1,000,000
#   ./eng/restore-drill.sh --endpoint http://localhost:8000 on an engine that runs already
#
# Needs the .NET 10 SDK and, to start the engine, a Java runtime and npm once; both are installed with apt-get if they are missing and that is allowed.
set -euo pipefail
export LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${DIGESTSTORE_CACHE:-$root/.cache}
work=$(mktemp -d)
trap 'stop_engines; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { echo "==> $*"; }

fail() {
  echo "error: $*" >&2
  exit 1
}

# shellcheck source=tests/engines/engines.sh
. "$root/tests/engines/engines.sh"

case " $* " in *' --help '* | *' -h '*) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;; esac
say "Building the drill"
dotnet build "$root/eng/RestoreDrill" -c Release -v quiet --nologo || fail "The build failed."
endpoint=()
case " $* " in
  *' --endpoint '*) ;;
  *)
    mkdir -p "$cache"
    ensure_java
    fetch_dynamodb_local
    start_engine "DynamoDB Local" run_dynamodb_local
    endpoint=(--endpoint "http://127.0.0.1:$engine_port")
    ;;
esac
dotnet "$root/eng/RestoreDrill/bin/Release/net10.0/RestoreDrill.dll" --template "$root/infrastructure/digest-store.yaml" "${endpoint[@]+"${endpoint[@]}"}" "$@"
