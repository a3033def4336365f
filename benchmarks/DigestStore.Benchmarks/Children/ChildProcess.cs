using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DigestStore.Benchmarks.Children;

/// <summary>This program once more, with another verb, so that time from the start and peak memory are the child's own.</summary>
internal static class ChildProcess
{
    /// <summary>What the child said in its one line, and how long after its start it did.</summary>
    public static async Task<(T Said, TimeSpan After)> RunAsync<T>(string verb, string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = Describe(verb, arguments);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return await RunAsync<T>(start);
    }

    /// <summary>The same of any program.</summary>
    public static async Task<(T Said, TimeSpan After)> RunAsync<T>(ProcessStartInfo start)
    {
        long began = TimeProvider.System.GetTimestamp();
        using Process process = Process.Start(start)!;
        string? line = await process.StandardOutput.ReadLineAsync();
        TimeSpan after = TimeProvider.System.GetElapsedTime(began);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && line is not null
            ? (JsonSerializer.Deserialize<T>(line)!, after)
            : throw new InvalidOperationException($"'{start.FileName} {string.Join(' ', start.ArgumentList)}' has ended with {process.ExitCode}; its own words are above.");
    }

    public static ProcessStartInfo Describe(string verb, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, ArgumentList = { typeof(ChildProcess).Assembly.Location, verb } };
        Array.ForEach(arguments, start.ArgumentList.Add);
        return start;
    }

    public static void Say<T>(T said) => Console.WriteLine(JsonSerializer.Serialize(said));

    public static int Number(string argument) => int.Parse(argument, CultureInfo.InvariantCulture);
}
