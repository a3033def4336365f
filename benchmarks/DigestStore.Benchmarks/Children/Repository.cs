namespace DigestStore.Benchmarks.Children;

/// <summary>The clone of the repository that this program was built from.</summary>
internal static class Repository
{
    private const string Solution = "DigestStore.sln";

    public static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has {Solution}. Run this from a clone of the repository.");
    }
}
