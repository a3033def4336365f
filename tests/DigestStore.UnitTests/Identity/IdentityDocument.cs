namespace DigestStore.UnitTests.Identity;

// docs/identity.md of this checkout.
internal static class IdentityDocument
{
    public static IReadOnlyList<string[]> Table(string header) =>
    [
        .. Lines()
            .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Trim('|').Split(" | ").Select(static cell => cell.Trim().Trim('`')).ToArray()),
    ];

    public static string Text => string.Join('\n', Lines());

    private static string[] Lines()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string path = Path.Combine(directory.FullName, "docs", "identity.md");
            if (File.Exists(path))
            {
                return File.ReadAllLines(path);
            }
        }

        throw new FileNotFoundException("docs/identity.md is not above the tests.");
    }
}
