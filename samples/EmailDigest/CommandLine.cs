using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using MimeKit;

namespace EmailDigest;

/// <summary>The arguments: their names, their help and what makes them wrong.</summary>
internal sealed class CommandLine
{
    private readonly Argument<string[]> _feeds = new("feeds")
    {
        Description = "Feeds to read: files or http(s) addresses of RSS, Atom or JSON Feed documents. Without any, a bundled set is used.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<DateOnly> _date = Parsed<DateOnly>(
        "--date", "yyyy-MM-dd", "The day of the digest, as yyyy-MM-dd. Default: today in UTC.", ParseDate, "{0} is not a day; write it as yyyy-MM-dd, for example 2026-11-21.");
    private readonly Option<Since> _since = Parsed<Since>(
        "--since", "days|yyyy-MM-dd|all", $"Leave out links published earlier: a day as yyyy-MM-dd, or a number of days before that of the digest. Default: {JobOptions.DefaultSince} for feeds that you name, all for the bundled ones. Links without a date are taken.", Since.TryParse, "{0} is neither a number of days, nor a day as yyyy-MM-dd, nor all.");
    private readonly Option<int> _max = Parsed<int>(
        "--max", "links", $"Take at most this many links, the newest. Default: {JobOptions.DefaultMax}.", ParseMax, "{0} is not a number of links; write 1 or more.");
    private readonly Option<string?> _output = Parsed<string?>(
        "--output", "path", $"The .eml file to write, or a folder for it. Default: {JobOptions.DefaultOutput}", ParsePath, "give a file or a folder.", "-o");

    private readonly Option<Uri?> _endpoint = Parsed<Uri?>(
        "--endpoint", "url", "Store in a DynamoDB-compatible endpoint, for example http://localhost:8000.", ParseEndpoint, "{0} is not an http or https address; for DynamoDB Local it is http://localhost:8000.");
    private readonly Option<string?> _region = new("--region") { Description = "Store in DynamoDB in this AWS region.", HelpName = "name" };
    private readonly Option<string?> _table = new("--table") { Description = "Store in this DynamoDB table. Default: digests.", HelpName = "name" };
    private readonly Option<string?> _digest = new("--digest") { Description = "The digest within the table. Default: daily.", HelpName = "name" };
    private readonly Option<bool> _createTable = new("--create-table") { Description = "Create the table when it is missing. Done unasked for an --endpoint on this machine." };

    private readonly Option<string?> _deadLetters = Parsed<string?>(
        "--dead-letters", "folder", $"Where items are kept that DynamoDB did not take; the next run that reaches it stores them. Not for the repository in memory. Default: {JobOptions.DefaultDeadLetters}", ParsePath, "give a folder.");
    private readonly Option<Fault> _fault = Parsed<Fault>(
        "--fault", Faults.Names, "Make the repository in memory play a DynamoDB in trouble: throttled (turns requests and items away, then takes them), flaky (some requests fail) or down (every request fails). The email is written all the same.", Faults.TryParse, $"{{0}} is not one of {Faults.Names}.");
    private readonly Option<string> _from = new("--from") { Description = "The sender.", HelpName = "address", DefaultValueFactory = _ => "digest@example.com" };
    private readonly Option<string[]> _to = new("--to") { Description = "A recipient; may be given several times.", HelpName = "address", DefaultValueFactory = _ => ["reader@example.com"] };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print only warnings, errors and the path of the email." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Also print the library's log, to standard error." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };
    private readonly Option<bool> _metrics = new("--metrics") { Description = "At the end, also print the library's metrics as lines of JSON, in CloudWatch's embedded metric format." };

    public CommandLine()
    {
        _from.Validators.Add(result => CheckAddresses(result, [result.GetValueOrDefault<string>()]));
        _to.Validators.Add(result => CheckAddresses(result, result.GetValueOrDefault<string[]>() ?? []));
        _feeds.Validators.Add(CheckFeeds);
        Root = new RootCommand("Reads feeds, stores the day's digest in DynamoDB (or in memory) and writes the email as an .eml file.")
        {
            _feeds, _date, _since, _max, _output, _endpoint, _region, _table, _digest, _createTable, _deadLetters, _fault, _from, _to, _quiet, _verbose, _metrics, Doctor,
        };
        Array.ForEach<Option>([_endpoint, _region, _table, _digest, _json], Doctor.Options.Add);
        HelpOption help = Root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private delegate bool TryParse<T>(string text, out T value);

    public RootCommand Root { get; }
    public Command Doctor { get; } = new("doctor", "Looks at the DynamoDB table and says, check by check, what production needs and what mends it. Changes nothing.");

    public bool IsJson(ParseResult arguments) => arguments.GetValue(_json);

    /// <summary>The library's settings by their names; those without a value are not given.</summary>
    public IReadOnlyDictionary<string, string?> Settings(ParseResult arguments) => new Dictionary<string, string?>
    {
        [nameof(DigestStoreOptions.ServiceUrl)] = arguments.GetValue(_endpoint)?.AbsoluteUri,
        [nameof(DigestStoreOptions.Region)] = arguments.GetValue(_region),
        [nameof(DigestStoreOptions.TableName)] = arguments.GetValue(_table),
        [nameof(DigestStoreOptions.DigestName)] = arguments.GetValue(_digest),
    };

    public JobOptions Read(ParseResult arguments)
    {
        string[] feeds = arguments.GetValue(_feeds) ?? [];
        DateOnly date = IsGiven(_date) ? arguments.GetValue(_date) : DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        Since since = IsGiven(_since) ? arguments.GetValue(_since) : new Since(feeds.Length == 0 ? null : JobOptions.DefaultSince, null);
        return new JobOptions
        {
            Feeds = feeds,
            Date = date,
            Since = since.FirstDay(date),
            Max = IsGiven(_max) ? arguments.GetValue(_max) : JobOptions.DefaultMax,
            Output = arguments.GetValue(_output) ?? JobOptions.DefaultOutput,
            Settings = Settings(arguments),
            CreateTable = arguments.GetValue(_createTable),
            DeadLetters = arguments.GetValue(_deadLetters),
            Fault = IsGiven(_fault) ? arguments.GetValue(_fault) : null,
            From = Addresses([arguments.GetValue(_from)!])[0],
            To = Addresses(arguments.GetValue(_to)!),
            Quiet = arguments.GetValue(_quiet),
            Verbose = arguments.GetValue(_verbose),
            Metrics = arguments.GetValue(_metrics),
        };

        bool IsGiven(Option option) => arguments.GetResult(option) is not null;
    }

    private static Option<T> Parsed<T>(string name, string helpName, string description, TryParse<T> parse, string problem, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!parse(text, out T value))
            {
                result.AddError($"{name}: {string.Format(CultureInfo.InvariantCulture, problem, $"'{text}'")}");
            }

            return value;
        },
    };

    private static bool ParseDate(string text, out DateOnly date) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    private static bool ParseMax(string text, out int max) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out max) && max > 0;
    private static bool ParsePath(string text, out string? path) => !string.IsNullOrWhiteSpace(path = text);
    private static bool ParseEndpoint(string text, out Uri? endpoint) => Uri.TryCreate(text, UriKind.Absolute, out endpoint) && endpoint.Scheme is "http" or "https";

    private static void CheckAddresses(OptionResult result, IEnumerable<string?> addresses) =>
        Array.ForEach([.. addresses.Select(address => MailAddress.Parse(address ?? "", out _)).OfType<string>()], problem => result.AddError($"{result.Option.Name}: {problem}"));

    private static MailboxAddress[] Addresses(IEnumerable<string> texts) => [.. texts.Select(text => MailAddress.Parse(text, out MailboxAddress? address) is null ? address! : throw new ArgumentException(text))];

    private static void CheckFeeds(ArgumentResult result)
    {
        foreach (string feed in result.Tokens.Select(token => token.Value))
        {
            bool isOther = feed.Contains("://", StringComparison.Ordinal) && !(Uri.TryCreate(feed, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" or "file");
            string problem = string.IsNullOrWhiteSpace(feed) ? "A feed is a file or an http(s) address; one of the arguments is blank."
                : feed.StartsWith('-') ? $"'{feed}' is not an option; for a file of this name write ./{feed}."
                : isOther ? $"'{feed}' is not an http(s) address; feeds are read from files, http and https." : "";
            Array.ForEach(problem.Length > 0 ? [problem] : Array.Empty<string>(), result.AddError);
        }
    }

    private sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = inner.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Examples);
            return code;
        }

        private static readonly string Examples =
            $"""
            Examples:
              dotnet run --project samples/EmailDigest
                  The bundled feeds, stored in memory; the email goes to out/.
              dotnet run --project samples/EmailDigest -- https://example.com/feed.xml news.json --since 30
                  An address and a file, with what they published in the last 30 days.
              dotnet run --project samples/EmailDigest -- --endpoint http://localhost:8000
                  The bundled feeds, stored in DynamoDB Local; the table is created when it is missing.
              dotnet run --project samples/EmailDigest -- --region eu-central-1 --table digests --to me@example.com
                  Stored in DynamoDB with the credentials that the AWS SDK finds.
              dotnet run --project samples/EmailDigest -- --fault throttled --verbose
                  What a throttled DynamoDB looks like, in the report and in the log. Nothing outside of this process is used.
              dotnet run --project samples/EmailDigest -- doctor --region eu-central-1 --table digests
                  What the table lacks for production. Exit codes: 0 no problem was found; 1 one was; 2 no table is named.
              OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 dotnet run --project samples/EmailDigest
                  Metrics, spans and log also go to an OpenTelemetry collector.

            Settings may also come from the environment: DigestStore__Region, DigestStore__TableName, DigestStore__ServiceUrl and the like.
            An OpenTelemetry collector is named by the standard variables, OTEL_EXPORTER_OTLP_ENDPOINT, _PROTOCOL, _HEADERS and so on.
            EmailDigest__FlushTime (default 00:00:02) is how long the end of the run waits for it.

            Limits of one feed: {FeedLimits.Words}.
            A feed beyond them is reported, and every other feed is in the email. Redirects lead to http and https only.

            Every store is compared with those before it, which runs.jsonl beside the email remembers: with the median of 3 to 20 runs on the
            same store that stored everything, first stores with first stores and repeated ones with repeated ones, of half to twice as many
            items. Worse (or better) is beyond it by half as much again, and by at least 200 ms, 2 requests, 2 retries, 5 capacity units or
            2 rejected items. Runs with --fault are compared and not remembered; runs without items are neither.

            Exit codes: 0 the email was written, whatever became of the database; 1 it could not be written; 2 wrong arguments;
            3 there was nothing to send, so no email was written, and that of an earlier run stays as it is; 130 stopped.
            """;
    }
}
