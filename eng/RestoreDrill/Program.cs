using System.Globalization;
using Amazon.Runtime;
using DigestStore;

namespace RestoreDrill;

/// <summary>Damages a table, restores it from a copy taken before, puts its settings back and proves that every day is as it was.</summary>
internal static class Program
{
    private const string Usage = "Usage: restore-drill --endpoint URL --template infrastructure/digest-store.yaml [--items N] [--days N]";

    public static Task<int> Main(string[] args) => RunAsync(args, Console.Out, Console.Error);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var plan = new DrillPlan();
        foreach (string[] option in args.Chunk(2))
        {
            if (With(plan, option[0], option.ElementAtOrDefault(1) ?? "") is not { } next)
            {
                await error.WriteLineAsync($"'{string.Join(' ', option)}' is wrong: the endpoint is the URL of a DynamoDB Local on this machine, the template a file that exists, and both numbers are 1 or more. {Usage}");
                return 2;
            }

            plan = next;
        }

        if (plan.Endpoint is null || plan.Template is null)
        {
            await error.WriteLineAsync(Usage);
            return 2;
        }

        using var drill = new Drill(plan, output);
        try
        {
            return await drill.RunAsync(cancellationToken) ? 0 : 1;
        }
        catch (Exception failure) when (failure is DigestStoreException or AmazonClientException or HttpRequestException or TimeoutException)
        {
            await error.WriteLineAsync($"The drill broke off: {failure.Message}");
            return 1;
        }
    }

    private static DrillPlan? With(DrillPlan plan, string option, string value) => option switch
    {
        "--endpoint" when Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.IsLoopback => plan with { Endpoint = url },
        "--template" when File.Exists(value) => plan with { Template = value },
        "--items" when IsCount(value, out int items) => plan with { Items = items },
        "--days" when IsCount(value, out int days) => plan with { Days = days },
        _ => null,
    };

    private static bool IsCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
