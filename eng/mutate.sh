#!/usr/bin/env bash
# Mutation testing of one folder of src/DigestStore: changes the code in a few hundred ways, one at a time, and tells which changes no
# unit test notices. docs/mutation.md says how it works and what came of it. It is not part of CI.
#
#   ./eng/mutate.sh Identity                 the score, and artifacts/mutation/Identity.txt
#   ./eng/mutate.sh Identity Resilience      several folders at once
#   ./eng/mutate.sh Storing/StoreLedger.cs   one file of a folder
#   ./eng/mutate.sh Storing --workers 2      how many processes run tests at a time (default: one for each processor)
#   ./eng/mutate.sh Storing --sample 200     a quick look: about 200 mutants of each folder, spread evenly
#   ./eng/mutate.sh Storing --again          after tests were added: only what the last report does not name as killed
#   ./eng/mutate.sh --self-check             the command itself, on a few lines whose mutants are known
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
case "${1:---help}" in --help | -h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;; esac

dotnet build eng/Mutate -c Release -v quiet --nologo >&2
exec dotnet eng/Mutate/bin/Release/net10.0/Mutate.dll "$@"
