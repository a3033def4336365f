using DigestStore.TestSupport;

namespace EmailDigest.Tests;

public sealed class SizeTests
{
    private const int MaxLines = 3_000;

    [Fact]
    public void The_sample_stays_small_enough_to_be_read_in_one_sitting()
    {
        string folder = RepositoryFiles.PathOf("samples/EmailDigest");
        int lines = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Sum(file => File.ReadLines(file).Count());

        Assert.InRange(lines, 1, MaxLines);
    }
}
