using System.IO.Compression;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.SupplyChain;

/// <summary>Packs the packages into a folder of its own, so that no other build of this checkout meets it, but within it, as a release is.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(RepositoryFiles.PathOf($"artifacts/pack-{Guid.NewGuid():N}"));

    public string Folder => _folder.FullName;

    /// <summary>Names and contents of the files in the package.</summary>
    public Dictionary<string, byte[]> Package(string id) => Read(id, ".nupkg");

    /// <summary>Names and contents of the files in the package's symbols.</summary>
    public Dictionary<string, byte[]> Symbols(string id) => Read(id, ".snupkg");

    public async ValueTask InitializeAsync()
    {
        foreach (string project in (string[])["DigestStore", "DigestStore.Sqlite", "DigestStore.Testing"])
        {
            (int exitCode, string output) = await DotnetCommand.RunAsync(
                [
                    "pack", RepositoryFiles.PathOf($"src/{project}"), "-c", "Release", "--artifacts-path", Path.Combine(Folder, "build"), "-o", Path.Combine(Folder, project), "--nologo", "-v", "quiet",

                    // The build that every change must pass has looked at the sources already.
                    "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false",
                ],
                TestContext.Current.CancellationToken);
            Assert.True(exitCode == 0, output);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private Dictionary<string, byte[]> Read(string id, string extension)
    {
        using ZipArchive archive = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(Path.Combine(Folder, id), $"*{extension}")));
        return archive.Entries.ToDictionary(static entry => entry.FullName, static entry =>
        {
            using Stream content = entry.Open();
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            return copy.ToArray();
        });
    }
}
