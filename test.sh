#!/usr/bin/env bash
# Runs every test of the repository against two real DynamoDB engines, which it fetches, starts and stops itself.
#
#   ./test.sh                            all tests, with coverage
#   ./test.sh --filter Canonical         arguments go to `dotnet test`; the coverage minimum then does not apply
#
# Needs the .NET 10 SDK. Java, Node.js and a linker are used if they are there and installed with apt-get if they are not.
#
#   DIGESTSTORE_TEST_ENDPOINT   an engine that runs already: no engine is fetched or started, all contract tests use it
#   DIGESTSTORE_CACHE           where fetched engines and linters are kept (default: .cache)
#   DIGESTSTORE_MIN_COVERAGE    the least line coverage of src/ in percent (default: 90)
#   CONFIGURATION               Release (default) or Debug
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${DIGESTSTORE_CACHE:-$root/.cache}
min_coverage=${DIGESTSTORE_MIN_COVERAGE:-90}
configuration=${CONFIGURATION:-Release}
results=$root/TestResults
work=$(mktemp -d)
passed=0 failed=0 skipped=0 summary=yes child=

say() { echo "==> $*"; }

fail() {
  echo "error: $*" >&2
  exit 1
}

# shellcheck source=tests/engines/engines.sh
. "$root/tests/engines/engines.sh"

# In the background, so that a signal is handled at once and not when the command has ended.
run() {
  local status=0
  "$@" &
  child=$!
  wait "$child" || status=$?
  child=
  return "$status"
}

on_exit() {
  local status=$?
  trap - EXIT INT TERM
  if [ -n "$child" ]; then kill "$child" 2>/dev/null || true; fi
  stop_engines
  rm -rf "$work"
  # A run that broke off before or between the tests has failed, whatever it had counted by then.
  if [ "$summary" = yes ]; then
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ] && [ "${complete:-no}" = no ]; then failed=1; fi
    if [ "$skipped" -gt 0 ]; then echo "$skipped skipped"; fi
    echo "$passed passed, $failed failed"
  fi
  exit "$status"
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

links() {
  command -v "$1" >/dev/null && echo 'int main(void) { return 0; }' | "$1" -x c -o "$work/linked" - 2>/dev/null
}

# The fault tests also publish an application as a native program. Without a linker they skip that, which is no reason to stop here.
ensure_linker() {
  if links clang || links gcc; then return; fi
  apt_install gcc libc6-dev || say "There is no linker, and this script could not install one: the test of native AOT is skipped (Debian: apt-get install gcc libc6-dev)"
}

# The infrastructure's come last, since they judge what the others have recorded.
test_projects() {
  dotnet sln "$root/DigestStore.sln" list | tr '\\' '/' | sed -n 's/\r$//; /Tests\.csproj$/p' |
    awk '/InfrastructureTests/ { last = $0; next } { print } END { if (last != "") print last }'
}

# counters TRX: passed, failed and skipped tests. VSTest counts a skipped test in `total` alone.
counters() {
  sed -n 's/.*<Counters \([^>]*\)>.*/\1/p' "$1" | tr ' ' '\n' | sed -n 's/^\([a-zA-Z]*\)="\([0-9]*\)".*/\1 \2/p' |
    awk '{ n[$1] = $2 } END { print n["passed"] + 0, n["failed"] + n["error"] + n["timeout"] + n["aborted"], n["total"] - n["executed"] }'
}

failed_tests() {
  grep -h '<UnitTestResult ' "$1" | grep 'outcome="Failed"' |
    sed 's/.* testName="\([^"]*\)".*/\1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&#x[0-9A-F]*;/ /g; s/&amp;/\&/g' | sort || true
}

# run_project PROJECT ARGUMENTS...: adds to the sums and to the list of what failed.
run_project() {
  local project=$1 name folder trx p f s status=0
  shift
  name=$(basename "$project" .csproj)
  folder=$results/$name
  trx=$folder/$name.trx
  say "Testing $name"
  run dotnet test "$root/$project" -c "$configuration" --no-build --nologo \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --results-directory "$folder" \
    --settings "$root/tests/coverlet.runsettings" --collect "XPlat Code Coverage" \
    --blame-hang-timeout 10m --blame-hang-dump-type none "$@" || status=$?
  p=0 f=0 s=0
  if [ -f "$trx" ]; then
    read -r p f s <<<"$(counters "$trx")"
    failed_tests "$trx" | sed "s/^/  $name: /" >>"$work/failures"
  fi
  # The host crashed or hung, or left no report: that is a failure even if no test is to blame.
  if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
    f=1
    echo "  $name: the test run ended with exit code $status and no failed test" >>"$work/failures"
  elif [ ! -f "$trx" ] && [ "$any_filter" = no ]; then
    f=1
    echo "  $name: the test run left no report" >>"$work/failures"
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# Prints the line coverage of src/, or nothing if no test project measured any.
line_coverage() {
  find "$results" -name coverage.cobertura.xml | grep -q . || return 0
  (cd "$root" && dotnet reportgenerator "-reports:$results/**/coverage.cobertura.xml" "-targetdir:$results/coverage" \
    "-reporttypes:Html;TextSummary;Cobertura" "-assemblyfilters:+DigestStore;+DigestStore.Sqlite;+DigestStore.Testing" -verbosity:Warning >"$work/coverage.log" 2>&1) ||
    { cat "$work/coverage.log" >&2; return 1; }
  sed -n 's/^ *Line coverage: *\([0-9.]*\)%.*/\1/p' "$results/coverage/Summary.txt" | head -n 1
}

command -v dotnet >/dev/null || fail "The .NET 10 SDK is not on PATH. Install it first; everything else this script finds by itself."
case " $* " in *' --help '* | *' -h '*) summary=no; sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;; esac
any_filter=no
if [ "$#" -gt 0 ]; then any_filter=yes; fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
export DigestStoreChecks=true   # analyzers and code style, which a build leaves out otherwise

provide_engines
provide_linters
ensure_linker

say "Building DigestStore.sln ($configuration)"
(cd "$root" && dotnet tool restore >"$work/tools.log" 2>&1) || { cat "$work/tools.log" >&2; fail "dotnet tool restore failed."; }
run dotnet restore "$root/DigestStore.sln" --locked-mode -v quiet || fail "The restore failed. If packages were changed on purpose, 'dotnet restore' writes the lock files anew."
run dotnet build "$root/DigestStore.sln" -c "$configuration" --no-restore --nologo -v quiet || fail "The build failed; no test was run."
# Not in the solution, since its package has more than 200 MB; a test runs it.
run dotnet build "$root/infrastructure/cdk" -c "$configuration" -p:RestoreLockedMode=true --nologo -v quiet || fail "The build of infrastructure/cdk failed; no test was run."

# What the library asks of DynamoDB, noted by all tests: a part of them would not make a whole.
if [ "$any_filter" = no ]; then export DIGESTSTORE_RECORDINGS="$work/recordings"; fi

rm -rf "$results"
mkdir -p "$results"
: >"$work/failures"
projects=$(test_projects)
[ -n "$projects" ] || fail "DigestStore.sln names no test project."
for project in $projects; do run_project "$project" "$@"; done

coverage=$(line_coverage)
complete=yes
dead_engines
if [ -s "$work/failures" ]; then
  say "Failed:"
  cat "$work/failures"
fi
echo "Line coverage of src/: $(awk -v c="${coverage:-0}" 'BEGIN { printf "%.1f", c }') %"
covered=yes
if [ "$any_filter" = no ] && awk -v c="${coverage:-0}" -v m="$min_coverage" 'BEGIN { exit !(c < m) }'; then
  covered=no
  echo "error: the line coverage is below the minimum of $min_coverage % (DIGESTSTORE_MIN_COVERAGE)." >&2
fi
if [ "$((passed + failed))" -eq 0 ]; then fail "No test was run."; fi
if [ "$failed" -gt 0 ] || [ "$covered" = no ]; then exit 1; fi
