using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace EmailDigest.Store;

/// <summary>The command <c>doctor</c>: what the library's doctor finds, for a person or as JSON.</summary>
internal static class TableInspection
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Colours = ["green", "yellow", "red", "grey"];

    public static async Task<int> RunAsync(IServiceProvider services, bool isJson, Terminal terminal, CancellationToken cancellationToken)
    {
        DigestTableReport report = await services.GetRequiredService<DigestTableDoctor>().InspectAsync(cancellationToken);
        if (isJson)
        {
            terminal.Out.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(report, Json));
        }
        else
        {
            Print(report, terminal.Out);
        }

        return report.Problems > 0 ? ExitCode.TableHasProblems : ExitCode.TableHasNoProblem;
    }

    private static void Print(DigestTableReport report, IAnsiConsole console)
    {
        foreach (DigestTableCheck check in report.Checks)
        {
            console.MarkupLine($"[{Colours[(int)check.Status]}]{Word(check.Status),-10}[/] {check.Name,-23} {Markup.Escape(check.Finding)}");
        }

        // Past the console, which would break the lines: a command is there to be copied.
        foreach (DigestTableCheck check in report.Checks.Where(check => check.Remedy is not null))
        {
            console.Profile.Out.Writer.WriteLine($"\n{Word(check.Status)} {check.Name}: {check.Why}\n  {check.Remedy}");
        }

        console.Profile.Out.Writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{report.TableName}, digest {report.Digest}: {Report.Count(report.Problems, "problem", "problems")}, {Report.Count(report.Warnings, "warning", "warnings")}, {report.NotKnown} not known. {report.Requests} requests, {report.ReadUnits:0.#} read units."));
    }

    private static string Word(DigestTableCheckStatus status) => status == DigestTableCheckStatus.NotKnown ? "not known" : status.ToString().ToLowerInvariant();
}
