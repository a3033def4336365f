#!/usr/bin/env bash
# Writes src/*/PublicAPI.Unshipped.txt anew: everything public that no released version has, one line each. Look at the difference before you commit it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
for package in DigestStore DigestStore.Sqlite DigestStore.Testing; do
  folder=$root/src/$package
  { echo '#nullable enable'; grep '^\*REMOVED\*' "$folder/PublicAPI.Unshipped.txt" || true; } > "$folder/PublicAPI.new"
  mv "$folder/PublicAPI.new" "$folder/PublicAPI.Unshipped.txt"
  DigestStoreChecks=true dotnet format analyzers "$folder/$package.csproj" --diagnostics RS0016 --severity warn "$@"
done
git -C "$root" diff --stat -- 'src/*/PublicAPI.Unshipped.txt'
