using System.Diagnostics;
using System.Runtime.InteropServices;
using DigestStore.Benchmarks.Children;

namespace DigestStore.Benchmarks.Startup;

/// <summary>The program whose start is measured, published in every form that this machine can make. All that is built lies in a folder of its own.</summary>
internal sealed class StartPrograms : IDisposable
{
    private const string Name = "DigestStore.Benchmarks.Start";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digeststore-start-");

    /// <summary>Publishes one form.</summary>
    /// <returns>Null, or why this machine cannot make it.</returns>
    public async Task<string?> PublishAsync(StartForm form)
    {
        if (form == StartForm.NativeAot && OperatingSystem.IsLinux() && !IsOnPath("clang") && !IsOnPath("gcc"))
        {
            return "it takes a linker, and neither clang nor gcc is on PATH. Install one (Debian: apt-get install gcc libc6-dev), and run this again";
        }

        await Console.Error.WriteLineAsync($"==> publishing {Name}, {form}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "publish", Path.Combine(Repository.Root(), "benchmarks", Name), "-c", "Release", "--nologo", "-v", "quiet", "-r", RuntimeInformation.RuntimeIdentifier, .. Settings(form),
            "--artifacts-path", Path.Combine(_folder.FullName, "build"), "-o", FolderOf(form), "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
        {
            return null;
        }

        string? error = output.Split('\n').FirstOrDefault(static line => line.Contains("error", StringComparison.Ordinal));
        return form == StartForm.JustInTime
            ? throw new InvalidOperationException(output)
            : $"publishing has failed: {error?.Replace(_folder.FullName, "", StringComparison.Ordinal).Trim() ?? output}";
    }

    public ProcessStartInfo Describe(StartForm form, string client, Uri url)
    {
        string program = Path.Combine(FolderOf(form), Name);
        var start = new ProcessStartInfo(form == StartForm.NativeAot ? program : "dotnet") { RedirectStandardOutput = true };
        if (form != StartForm.NativeAot)
        {
            start.ArgumentList.Add(program + ".dll");
        }

        start.ArgumentList.Add(client);
        start.ArgumentList.Add(url.ToString());
        return start;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string[] Settings(StartForm form) => form switch
    {
        StartForm.ReadyToRun => ["--self-contained", "false", "-p:PublishReadyToRun=true"],

        // The compiler looks for clang alone; gcc does as well.
        StartForm.NativeAot => OperatingSystem.IsLinux() && !IsOnPath("clang") ? ["-p:PublishAot=true", "-p:CppCompilerAndLinker=gcc"] : ["-p:PublishAot=true"],
        _ => ["--self-contained", "false"],
    };

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private string FolderOf(StartForm form) => Path.Combine(_folder.FullName, form.ToString());
}
