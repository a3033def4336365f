#!/usr/bin/env bash
# Packs the packages, pastes the README's first C# program and the lines that the README adds to it into a fresh console project
# that references them, runs it, and compares what it prints with what the README says it prints.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "== Packing DigestStore, DigestStore.Sqlite and DigestStore.Testing"
dotnet pack "$root/src/DigestStore" -c Release -o "$work/packages" -v quiet --nologo
dotnet pack "$root/src/DigestStore.Sqlite" -c Release -o "$work/packages" -v quiet --nologo
dotnet pack "$root/src/DigestStore.Testing" -c Release -o "$work/packages" -v quiet --nologo
version=$(basename "$work"/packages/DigestStore.Testing.*.nupkg .nupkg)
version=${version#DigestStore.Testing.}

blocks() { # blocks LANGUAGE: the first two fenced blocks of that language
  awk -v fence="^\`\`\`$1\$" '$0 ~ fence { inside = 1; next } /^```$/ && inside { inside = 0; if (++count == 2) exit } inside' "$root/README.md"
}

echo "== Pasting the README's program into a fresh console project"
mkdir "$work/app"
blocks csharp > "$work/app/Program.cs"
blocks text > "$work/expected.txt"
cat > "$work/app/app.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <RestoreAdditionalProjectSources>$work/packages</RestoreAdditionalProjectSources>
    <RestorePackagesPath>$work/restored</RestorePackagesPath>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="DigestStore" Version="$version" />
    <PackageReference Include="DigestStore.Sqlite" Version="$version" />
    <PackageReference Include="DigestStore.Testing" Version="$version" />
  </ItemGroup>
</Project>
EOF
dotnet run --project "$work/app" > "$work/printed.txt"
diff -u "$work/expected.txt" "$work/printed.txt"
echo "== The README's program runs on the packed packages $version and prints what the README says"
