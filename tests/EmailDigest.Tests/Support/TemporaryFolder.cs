using System.Diagnostics;

namespace EmailDigest.Tests.Support;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("email-digest-");

    public string Path => _folder.FullName;

    public string File(string name, string? content = null)
    {
        string path = System.IO.Path.Combine(Path, name);
        if (content is not null)
        {
            System.IO.File.WriteAllText(path, content);
        }

        return path;
    }

    public async Task<string> PipeAsync(string name)
    {
        using Process made = Process.Start("mkfifo", [File(name)]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        return File(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
