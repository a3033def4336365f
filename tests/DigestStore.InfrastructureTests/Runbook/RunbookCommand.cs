using System.Diagnostics;
using DigestStore.InfrastructureTests.Monitoring;

namespace DigestStore.InfrastructureTests.Runbook;

/// <summary>A command of a page, as a person would paste it into a shell.</summary>
internal sealed record RunbookCommand(string Text, bool NeedsAccount)
{
    public const string Mark = "# Needs an AWS account.";

    public bool IsAws => Text.StartsWith("aws ", StringComparison.Ordinal);

    /// <summary>Whether it runs the sample.</summary>
    public bool IsSample => Text.StartsWith("dotnet run --project samples/EmailDigest ", StringComparison.Ordinal);

    public bool IsSetting => Text.StartsWith("export ", StringComparison.Ordinal);

    /// <summary>Every command of the page's blocks of shell code; lines that end with a backslash go on.</summary>
    public static IReadOnlyList<RunbookCommand> AllOf(MarkdownPage page)
    {
        List<RunbookCommand> commands = [];
        bool isCode = false;
        bool isMarked = false;
        string begun = "";
        foreach (string line in page.Text.Split('\n').Select(static line => line.Trim()))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = line == "```sh";
                isMarked = false;
            }
            else if (isCode && line.StartsWith('#'))
            {
                isMarked = line == Mark;
            }
            else if (isCode && line.EndsWith('\\'))
            {
                begun += line[..^1];
            }
            else if (isCode && line.Length > 0)
            {
                commands.Add(new RunbookCommand(begun + line, isMarked));
                (begun, isMarked) = ("", false);
            }
        }

        return commands;
    }

    /// <summary>What a shell hands to the program that the command begins with.</summary>
    public async Task<string[]> ArgumentsAsync(IReadOnlyDictionary<string, string> environment)
    {
        string program = Text.Split(' ')[0];
        (int exitCode, string output) = await RunAsync($"{program}() {{ printf '%s\\0' \"$@\"; }}; {Text}", environment);
        Assert.Equal(0, exitCode);
        return output.TrimEnd('\0').Split('\0');
    }

    /// <summary>Runs it in a shell.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(IReadOnlyDictionary<string, string> environment) => RunAsync(Text, environment);

    private static async Task<(int ExitCode, string Output)> RunAsync(string script, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("bash", ["-o", "pipefail", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
