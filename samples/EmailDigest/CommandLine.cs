using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Mail;

namespace EmailDigest;

/// <summary>The arguments: their names, their help and what makes them wrong.</summary>
internal sealed class CommandLine
{
    private readonly Argument<string[]> _feeds = new("feeds")
    {
        Description = "Feeds to read: files or http(s) addresses of RSS, Atom or JSON Feed documents. Without any, a bundled set is used.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<DateOnly> _date = new("--date")
    {
        Description = "The day of the digest, as yyyy-MM-dd. Default: today in UTC.",
        HelpName = "yyyy-MM-dd",
        CustomParser = ParseDate,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The .eml file to write, or a folder for it.",
        HelpName = "path",
        DefaultValueFactory = _ => JobOptions.DefaultOutput,
    };

    private readonly Option<Uri?> _endpoint = new("--endpoint")
    {
        Description = "Store in a DynamoDB-compatible endpoint, for example http://localhost:8000.",
        HelpName = "url",
        CustomParser = ParseEndpoint,
    };

    private readonly Option<string?> _region = new("--region") { Description = "Store in DynamoDB in this AWS region.", HelpName = "name" };

    private readonly Option<string?> _table = new("--table") { Description = "Store in this DynamoDB table. Default: digests.", HelpName = "name" };

    private readonly Option<string?> _digest = new("--digest") { Description = "The digest within the table. Default: daily.", HelpName = "name" };

    private readonly Option<bool> _createTable = new("--create-table")
    {
        Description = "Create the table when it is missing. Done unasked for an --endpoint on this machine.",
    };

    private readonly Option<string> _deadLetters = new("--dead-letters")
    {
        Description = "Where items are kept that DynamoDB did not take; the next run that reaches it stores them. Not for the repository in memory.",
        HelpName = "folder",
        DefaultValueFactory = _ => JobOptions.DefaultDeadLetters,
    };

    private readonly Option<Fault?> _fault = new("--fault")
    {
        Description = "Make the repository in memory play a DynamoDB in trouble: throttled (turns requests and items away, then takes them), "
            + "flaky (some requests fail) or down (every request fails). The email is written all the same.",
        HelpName = Faults.Names,
        CustomParser = ParseFault,
    };

    private readonly Option<string> _from = new("--from")
    {
        Description = "The sender.",
        HelpName = "address",
        DefaultValueFactory = _ => "digest@example.com",
    };

    private readonly Option<string[]> _to = new("--to")
    {
        Description = "A recipient; may be given several times.",
        HelpName = "address",
        DefaultValueFactory = _ => ["reader@example.com"],
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print only warnings, errors and the path of the email." };

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Also print the library's log, to standard error." };

    private readonly Option<bool> _metrics = new("--metrics")
    {
        Description = "At the end, also print the library's metrics as lines of JSON, in CloudWatch's embedded metric format.",
    };

    public CommandLine()
    {
        _from.Validators.Add(result => CheckAddresses(result, [result.GetValueOrDefault<string>()]));
        _to.Validators.Add(result => CheckAddresses(result, result.GetValueOrDefault<string[]>() ?? []));
        _output.Validators.Add(result => CheckNotBlank(result, result.GetValueOrDefault<string>()));
        _deadLetters.Validators.Add(result => CheckNotBlank(result, result.GetValueOrDefault<string>()));
        _feeds.Validators.Add(CheckFeeds);
        Root = new RootCommand("Reads feeds, stores the day's digest in DynamoDB (or in memory) and writes the email as an .eml file.")
        {
            _feeds, _date, _output, _endpoint, _region, _table, _digest, _createTable, _deadLetters, _fault, _from, _to, _quiet, _verbose, _metrics,
        };
        HelpOption help = Root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    public RootCommand Root { get; }

    public JobOptions Read(ParseResult arguments) => new()
    {
        Feeds = arguments.GetValue(_feeds) ?? [],
        Date = arguments.GetResult(_date) is null
            ? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
            : arguments.GetValue(_date),
        Output = arguments.GetValue(_output)!,
        Endpoint = arguments.GetValue(_endpoint),
        Region = arguments.GetValue(_region),
        Table = arguments.GetValue(_table),
        Digest = arguments.GetValue(_digest),
        CreateTable = arguments.GetValue(_createTable),
        DeadLetters = arguments.GetResult(_deadLetters) is { Implicit: false } ? arguments.GetValue(_deadLetters) : null,
        Fault = arguments.GetValue(_fault),
        From = arguments.GetValue(_from)!,
        To = arguments.GetValue(_to)!,
        Quiet = arguments.GetValue(_quiet),
        Verbose = arguments.GetValue(_verbose),
        Metrics = arguments.GetValue(_metrics),
    };

    private static DateOnly ParseDate(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
        {
            result.AddError($"--date: '{text}' is not a day; write it as yyyy-MM-dd, for example 2026-11-21.");
        }

        return date;
    }

    private static Uri? ParseEndpoint(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https")
        {
            return endpoint;
        }

        result.AddError($"--endpoint: '{text}' is not an http or https address; for DynamoDB Local it is http://localhost:8000.");
        return null;
    }

    private static Fault? ParseFault(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Faults.TryParse(text, out Fault fault))
        {
            return fault;
        }

        result.AddError($"--fault: '{text}' is not one of {Faults.Names}.");
        return null;
    }

    private static void CheckAddresses(OptionResult result, IEnumerable<string?> addresses)
    {
        foreach (string? address in addresses.Where(address => !MailAddress.TryCreate(address, out _)))
        {
            result.AddError($"{result.Option.Name}: '{address}' is not an email address.");
        }
    }

    private static void CheckNotBlank(OptionResult result, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            result.AddError($"{result.Option.Name}: give a file or a folder.");
        }
    }

    private static void CheckFeeds(ArgumentResult result)
    {
        foreach (string feed in result.Tokens.Select(token => token.Value))
        {
            if (string.IsNullOrWhiteSpace(feed))
            {
                result.AddError("A feed is a file or an http(s) address; one of the arguments is blank.");
            }
            else if (feed.StartsWith('-'))
            {
                result.AddError($"'{feed}' is not an option; for a file of this name write ./{feed}.");
            }
            else if (feed.Contains("://", StringComparison.Ordinal) &&
                !(Uri.TryCreate(feed, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" or "file"))
            {
                result.AddError($"'{feed}' is not an http(s) address; feeds are read from files, http and https.");
            }
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

        private const string Examples =
            """
            Examples:
              dotnet run --project samples/EmailDigest
                  The bundled feeds, stored in memory; the email goes to out/.
              dotnet run --project samples/EmailDigest -- https://example.com/feed.xml news.json --date 2026-11-21
                  An address and a file, for a given day.
              dotnet run --project samples/EmailDigest -- --endpoint http://localhost:8000
                  The bundled feeds, stored in DynamoDB Local; the table is created when it is missing.
              dotnet run --project samples/EmailDigest -- --region eu-central-1 --table digests --to me@example.com
                  Stored in DynamoDB with the credentials that the AWS SDK finds.
              dotnet run --project samples/EmailDigest -- --fault throttled --verbose
                  What a throttled DynamoDB looks like, in the report and in the log. Nothing outside of this process is used.
              OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 dotnet run --project samples/EmailDigest
                  Metrics, spans and log also go to an OpenTelemetry collector.

            Settings may also come from the environment: DigestStore__Region, DigestStore__TableName, DigestStore__ServiceUrl and the like.
            An OpenTelemetry collector is named by the standard variables, OTEL_EXPORTER_OTLP_ENDPOINT, _PROTOCOL, _HEADERS and so on.
            EmailDigest__FlushTime (default 00:00:02) is how long the end of the run waits for it.

            Every store is compared with those before it, which runs.jsonl beside the email remembers: with the median of 3 to 20 runs on the
            same store that stored everything, first stores with first stores and repeated ones with repeated ones, of half to twice as many
            items. Worse (or better) is beyond it by half as much again, and by at least 200 ms, 2 requests, 2 retries, 5 capacity units or
            2 rejected items. Runs with --fault are compared and not remembered; runs without items are neither.

            Exit codes: 0 the email was written, whatever became of the database; 1 it could not be written; 2 wrong arguments;
            3 there was nothing to send, so no email was written, and that of an earlier run stays as it is; 130 stopped.
            """;
    }
}
