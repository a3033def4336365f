using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.SupplyChain;

/// <summary>Every package, packed as a release is, holds what its users need and nothing of the machine that packed them.</summary>
public sealed partial class PackageContentsTests(PackedPackages packed) : IClassFixture<PackedPackages>
{
    public static TheoryData<string> Packages => ["DigestStore", "DigestStore.Sqlite", "DigestStore.Testing"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_has_these_files_and_no_other(string package)
    {
        Assert.Equal([$"{package}.nuspec", "README.md", "icon.png", $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"], Files(packed.Package(package)));
        Assert.Equal([$"{package}.nuspec", $"lib/net10.0/{package}.pdb"], Files(packed.Symbols(package)));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_says_its_licence_its_readme_its_icon_and_where_it_comes_from(string package)
    {
        Dictionary<string, byte[]> files = packed.Package(package);
        XElement metadata = XDocument.Parse(Encoding.UTF8.GetString(files[$"{package}.nuspec"]).TrimStart('\uFEFF')).Root!.Elements().Single(static element => element.Name.LocalName == "metadata");

        Assert.Equal(package, Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("expression", metadata.Elements().Single(static element => element.Name.LocalName == "license").Attribute("type")!.Value);
        Assert.Equal(("README.md", "icon.png"), (Value("readme"), Value("icon")));
        Assert.Equal(File.ReadAllBytes(RepositoryFiles.PathOf("README.md")), files["README.md"]);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], files["icon.png"][..4]);
        Assert.All((string[])["authors", "description", "copyright", "projectUrl", "tags"], name => Assert.NotEmpty(Value(name)));

        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
    }

    [Theory]
    [InlineData("DigestStore.Sqlite")]
    [InlineData("DigestStore.Testing")]
    public void A_package_that_uses_the_internals_of_the_library_needs_it_in_its_own_version(string package)
    {
        XDocument nuspec = XDocument.Parse(Encoding.UTF8.GetString(packed.Package(package)[$"{package}.nuspec"]).TrimStart('\uFEFF'));
        string version = nuspec.Descendants().Single(static element => element.Name.LocalName == "version").Value;

        Assert.Equal($"[{version}]", nuspec.Descendants().Single(static element => (string?)element.Attribute("id") == "DigestStore").Attribute("version")!.Value);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void No_file_names_a_path_of_the_machine_or_has_a_key(string package)
    {
        string[] machine = [RepositoryFiles.PathOf(""), Path.GetTempPath(), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)];
        foreach ((string name, byte[] content) in packed.Package(package).Concat(packed.Symbols(package)))
        {
            // Assemblies have texts in both encodings.
            foreach (string text in (string[])[Encoding.Latin1.GetString(content), Encoding.Unicode.GetString(content), Encoding.Unicode.GetString(content, 1, content.Length - 1)])
            {
                Assert.All(machine, path => Assert.False(path.Length > 1 && text.Contains(path.TrimEnd('/'), StringComparison.Ordinal), $"{name} of {package} has the path {path}."));
                Assert.False(Secret().IsMatch(text), $"{name} of {package} has what looks like a key.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_symbols_name_sources_of_the_repository_alone(string package)
    {
        IReadOnlyList<string> sources = SourcePaths.Of(packed.Symbols(package)[$"lib/net10.0/{package}.pdb"]);

        Assert.Contains($"/_/src/{package}/", sources[0], StringComparison.Ordinal);
        Assert.All(sources, path => Assert.StartsWith("/_/", path, StringComparison.Ordinal));
        string symbols = Assert.Single(SourcePaths.SymbolFiles(packed.Package(package)[$"lib/net10.0/{package}.dll"]));
        Assert.Matches($"^/_/.*/{package}\\.pdb$", symbols);
    }

    // Those that every package has are NuGet's own.
    private static IEnumerable<string> Files(Dictionary<string, byte[]> package) =>
        package.Keys.Where(static name => name is not "[Content_Types].xml" and not "_rels/.rels" && !name.StartsWith("package/services/metadata/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|aws_secret_access_key\s*=|\bgh[pousr]_[A-Za-z0-9]{36}", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
