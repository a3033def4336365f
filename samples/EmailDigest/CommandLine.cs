using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using MimeKit;

namespace EmailDigest;

/// <summary>The arguments: their names, their help and what makes them wrong.</summary>
internal sealed class CommandLine
{
    private const string Decisions = "retry|delivered|abandon|unsent";
    private readonly Argument<string[]> _feeds = new("feeds")
    {
        Description = "Feeds to read: files or http(s) addresses of RSS, Atom or JSON Feed documents. Without any, a bundled set is used.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<DateOnly> _date = Parsed<DateOnly>(
        "--date", "yyyy-MM-dd", "The day of the digest, or the last one of list and copy. Default: today in the time zone DigestStore__TimeZone, which is UTC unless it is set.", ParseDate, "{0} is not a day; write it as yyyy-MM-dd, for example 2026-11-21.");
    private readonly Option<Since> _since = Parsed<Since>(
        "--since", "days|yyyy-MM-dd|all", $"Leave out links published earlier: a day as yyyy-MM-dd, or a number of days before that of the digest. Default: {JobOptions.DefaultSince} for feeds that you name, all for the bundled ones. Links without a date are taken.", Since.TryParse, "{0} is neither a number of days, nor a day as yyyy-MM-dd, nor all.");
    private readonly Option<int> _max = Parsed<int>(
        "--max", "links", $"Take at most this many links, the newest. Default: {JobOptions.DefaultMax}.", ParseMax, "{0} is not a number of links; write 1 or more.");
    private readonly Option<string?> _output = Parsed<string?>(
        "--output", "path", $"The .eml file to write, or a folder for it. Default: {JobOptions.DefaultOutput}", ParsePath, "give a file or a folder.", "-o");

    private readonly Option<int> _againAfter = Parsed<int>(
        "--again-after", "days", $"Leave out links that were sent in so many days before; 0 leaves out none. Default: {JobOptions.DefaultAgainAfter}.", ParseLookback, $"{{0}} is not a number of days from 0 to {DigestStoreDefaults.MaxLookback.Days}.");
    private readonly Option<Uri?> _smtp = Parsed<Uri?>(
        "--smtp", "host:port", "Send the email by this mail server, instead of writing a file. Needs --from and --to.", ParseServer, "{0} is not a mail server; write its name and its port, for example mail.example.com:587.");
    private readonly Option<int> _wait = Parsed<int>(
        "--wait", "seconds", "How long to wait for another run that is sending the same email. Default: 0.", ParseWait, "{0} is not a number of seconds from 0 to 86400.");

    private readonly Option<string?> _file = Parsed<string?>(
        "--file", "path", $"The store is this file. Without a place in DynamoDB, that is the default: {JobOptions.DefaultFileName} in the folder of the email.", ParsePath, "give a file.");
    private readonly Option<bool> _memory = new("--memory") { Description = "Store in memory: nothing outlives the run." };
    private readonly Option<Uri?> _endpoint = Parsed<Uri?>(
        "--endpoint", "url", "The store is a DynamoDB-compatible endpoint, for example http://localhost:8000.", ParseEndpoint, "{0} is not an http or https address; for DynamoDB Local it is http://localhost:8000.");
    private readonly Option<string?> _region = new("--region") { Description = "The store is DynamoDB in this AWS region.", HelpName = "name" };
    private readonly Option<string?> _table = new("--table") { Description = "The store is this DynamoDB table. Default: digests.", HelpName = "name" };
    private readonly Option<string?> _digest = new("--digest") { Description = "The digest within the table. Default: daily.", HelpName = "name" };
    private readonly Option<bool> _createTable = new("--create-table") { Description = "Create the table when it is missing. Done unasked for an --endpoint on this machine." };

    private readonly Option<string?> _deadLetters = Parsed<string?>(
        "--dead-letters", "folder", $"Where items are kept that could not be stored; the next run that can stores them. Not with --memory. Default: {JobOptions.DefaultDeadLetters} for DynamoDB; for a file, a folder beside it.", ParsePath, "give a folder.");
    private readonly Option<Fault> _fault = Parsed<Fault>(
        "--fault", Faults.Names, "Store in memory, which plays a DynamoDB in trouble: throttled (turns requests and items away, then takes them), flaky (some requests fail) or down (every request fails). The email goes out all the same.", Faults.TryParse, $"{{0}} is not one of {Faults.Names}.");
    private readonly Option<string> _from = new("--from") { Description = "The sender.", HelpName = "address", DefaultValueFactory = _ => "digest@example.com" };
    private readonly Option<string[]> _to = new("--to") { Description = "A recipient; may be given several times.", HelpName = "address", DefaultValueFactory = _ => ["reader@example.com"] };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print only warnings, errors and where the email went." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Also print the library's log, to standard error." };
    private readonly Argument<DateOnly> _day = new("date") { HelpName = "date", Description = "The day, as yyyy-MM-dd.", CustomParser = result => ParsedDay(result) };
    private readonly Argument<string> _decision = new("decision") { HelpName = Decisions, Description = "Try it again; it is known to have gone out; do not try again; or it is known not to have gone out, and is tried again." };
    private readonly Option<bool> _force = new("--force") { Description = "Also while another run is sending. It may then be sent twice." };
    private readonly Option<int> _days = Parsed<int>("--days", "days", $"How many days up to today, or up to --date. Default: {JobOptions.DefaultAgainAfter}; for copy {JobOptions.DefaultCopied}.", (string text, out int days) => ParseMax(text, out days) && days <= JobOptions.MaxDays, $"{{0}} is not a number of days from 1 to {JobOptions.MaxDays}.");
    private readonly Option<string?> _toFile = Parsed<string?>("--to-file", "path", "Copy to this file.", ParsePath, "give a file.");
    private readonly Option<Uri?> _toEndpoint = Parsed<Uri?>("--to-endpoint", "url", "Copy to this DynamoDB-compatible endpoint.", ParseEndpoint, "{0} is not an http or https address; for DynamoDB Local it is http://localhost:8000.");
    private readonly Option<string?> _toRegion = new("--to-region") { Description = "Copy to DynamoDB in this AWS region.", HelpName = "name" };
    private readonly Option<string?> _toTable = new("--to-table") { Description = "Copy to this DynamoDB table. Default: digests.", HelpName = "name" };
    private readonly Option<bool> _verify = new("--verify") { Description = "Only compare, and write nothing." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };
    private readonly Option<bool> _metrics = new("--metrics") { Description = "At the end, also print the library's metrics as lines of JSON, in CloudWatch's embedded metric format." };

    public CommandLine()
    {
        _from.Validators.Add(result => CheckAddresses(result, [result.GetValueOrDefault<string>()]));
        _to.Validators.Add(result => CheckAddresses(result, result.GetValueOrDefault<string[]>() ?? []));
        _feeds.Validators.Add(CheckFeeds);
        Root = new RootCommand("Reads feeds, stores the day's digest in a file (or in DynamoDB) and delivers the email once: into an .eml file, or by a mail server.")
        {
            _feeds, _date, _since, _max, _againAfter, _output, _smtp, _wait, _file, _memory, _endpoint, _region, _table, _digest, _createTable, _deadLetters, _fault, _from, _to, _quiet, _verbose, _metrics,
            List, Show, Status, Resolve, Doctor, Copy,
        };
        Root.Validators.Add(CheckAddressesForSmtp);
        Doctor.Options.Add(_json);
        Array.ForEach<Option>([_days, _date], List.Options.Add);
        Resolve.Options.Add(_force);
        Array.ForEach<Option>([_days, _date, _toFile, _toEndpoint, _toRegion, _toTable, _createTable, _verify], Copy.Options.Add);
        Copy.Validators.Add(CheckTarget);
        Array.ForEach([Show, Status, Resolve], command => command.Arguments.Add(_day));
        Resolve.Arguments.Add(_decision.AcceptOnlyFromAmong(Decisions.Split('|')));
        foreach (Command command in (Command[])[List, Show, Status, Resolve, Doctor, Copy])
        {
            Array.ForEach<Option>([_file, _endpoint, _region, _table, _digest], command.Options.Add);
            command.Validators.Add(CheckBefore);
        }

        HelpOption help = Root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private delegate bool TryParse<T>(string text, out T value);

    public RootCommand Root { get; }
    public Command List { get; } = new("list", "Lists the days that are stored: what was stored, and what became of the email. Items that two runs stored at once count twice.");
    public Command Show { get; } = new("show", "Prints the digest of a day.");
    public Command Status { get; } = new("status", "Says what became of the email of a day.");
    public Command Resolve { get; } = new("resolve", "Records what you have found out or decided about the email of a day.");
    public Command Doctor { get; } = new("doctor", "Looks at the DynamoDB table and says, check by check, what production needs and what mends it. Changes nothing.");
    public Command Copy { get; } = new("copy", "Copies the days to another file or table, with what became of their emails; a second copy goes on where the first one ended.");

    public bool IsJson(ParseResult arguments) => arguments.GetValue(_json);
    public int Days(ParseResult arguments, int byDefault = JobOptions.DefaultAgainAfter) => arguments.GetResult(_days) is null ? byDefault : arguments.GetValue(_days);
    public DateOnly? Until(ParseResult arguments) => arguments.GetResult(_date) is null ? null : arguments.GetValue(_date);
    public bool IsVerifying(ParseResult arguments) => arguments.GetValue(_verify);
    public bool CreatesTable(ParseResult arguments) => arguments.GetValue(_createTable);
    public CopyTarget Target(ParseResult arguments) => new(arguments.GetValue(_toFile), arguments.GetValue(_toEndpoint)?.AbsoluteUri, arguments.GetValue(_toRegion), arguments.GetValue(_toTable));
    public string? File(ParseResult arguments) => arguments.GetValue(_file);
    public DateOnly Day(ParseResult arguments) => arguments.GetValue(_day);

    public DeliveryResolution Resolution(ParseResult arguments) => new(arguments.GetValue(_decision) switch
    {
        "retry" => DeliveryResolutionKind.Retry,
        "delivered" => DeliveryResolutionKind.MarkDelivered,
        "unsent" => DeliveryResolutionKind.MarkUnsent,
        _ => DeliveryResolutionKind.Abandon,
    })
    { Force = arguments.GetValue(_force), Reason = "Decided by hand." };

    /// <summary>The library's settings by their names; those without a value are not given.</summary>
    public IReadOnlyDictionary<string, string?> Settings(ParseResult arguments) => new Dictionary<string, string?>
    {
        [nameof(DigestStoreOptions.ServiceUrl)] = arguments.GetValue(_endpoint)?.AbsoluteUri,
        [nameof(DigestStoreOptions.Region)] = arguments.GetValue(_region),
        [nameof(DigestStoreOptions.TableName)] = arguments.GetValue(_table),
        [nameof(DigestStoreOptions.DigestName)] = arguments.GetValue(_digest),
    };

    public JobOptions Read(ParseResult arguments, DateOnly today)
    {
        string[] feeds = arguments.GetValue(_feeds) ?? [];
        DateOnly date = IsGiven(_date) ? arguments.GetValue(_date) : today;
        Since since = IsGiven(_since) ? arguments.GetValue(_since) : new Since(feeds.Length == 0 ? null : JobOptions.DefaultSince, null);
        return new JobOptions
        {
            Feeds = feeds,
            Date = date,
            Since = since.FirstDay(date),
            Max = IsGiven(_max) ? arguments.GetValue(_max) : JobOptions.DefaultMax,
            AgainAfter = IsGiven(_againAfter) ? arguments.GetValue(_againAfter) : JobOptions.DefaultAgainAfter,
            Smtp = arguments.GetValue(_smtp),
            Delivery = new DeliveryOptions { WaitForHolder = TimeSpan.FromSeconds(arguments.GetValue(_wait)) },
            Output = arguments.GetValue(_output) ?? JobOptions.DefaultOutput,
            Settings = Settings(arguments),
            File = File(arguments),
            IsInMemory = arguments.GetValue(_memory),
            CreateTable = CreatesTable(arguments),
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

    private static DateOnly ParsedDay(ArgumentResult result)
    {
        if (!ParseDate(result.Tokens[0].Value, out DateOnly day))
        {
            result.AddError($"'{result.Tokens[0].Value}' is not a day; write it as yyyy-MM-dd, for example 2026-11-21.");
        }

        return day;
    }

    private static bool ParseDate(string text, out DateOnly date) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    private static bool ParseNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    private static bool ParseMax(string text, out int max) => ParseNumber(text, out max) && max > 0;
    private static bool ParseLookback(string text, out int days) => ParseNumber(text, out days) && days <= DigestStoreDefaults.MaxLookback.Days;
    private static bool ParseWait(string text, out int seconds) => ParseNumber(text, out seconds) && seconds <= 86_400;
    private static bool ParsePath(string text, out string? path) => !string.IsNullOrWhiteSpace(path = text);
    private static bool ParseServer(string text, out Uri? server) => Uri.TryCreate($"smtp://{text}", UriKind.Absolute, out server) && server.Port > 0 && server.Authority.Equals(text, StringComparison.OrdinalIgnoreCase);
    private static bool ParseEndpoint(string text, out Uri? endpoint) => Uri.TryCreate(text, UriKind.Absolute, out endpoint) && endpoint.Scheme is "http" or "https";

    private static void CheckAddresses(OptionResult result, IEnumerable<string?> addresses) =>
        Array.ForEach([.. addresses.Select(address => MailAddress.Parse(address ?? "", out _)).OfType<string>()], problem => result.AddError($"{result.Option.Name}: {problem}"));

    // The default addresses are made up, and a mail server would bounce them to somebody.
    private void CheckAddressesForSmtp(CommandResult result)
    {
        if (result.GetResult(_smtp) is not null && !(result.GetResult(_from) is { Implicit: false } && result.GetResult(_to) is { Implicit: false }))
        {
            result.AddError("--smtp sends to real people: name the sender with --from and each recipient with --to.");
        }
    }

    // What stands before a command is read as well, and counts only if the command has it.
    private static void CheckBefore(CommandResult result)
    {
        foreach (SymbolResult before in ((CommandResult)result.Parent!).Children)
        {
            string? name = before is OptionResult { Implicit: false } option && !result.Command.Options.Contains(option.Option) ? option.Option.Name
                : before is ArgumentResult { Tokens: [var first, ..] } ? $"'{first.Value}'" : null;
            Array.ForEach(name is null ? Array.Empty<string>() : [$"{name} does not go with {result.Command.Name}; leave it out."], result.AddError);
        }
    }

    private void CheckTarget(CommandResult result)
    {
        bool isTable = result.GetResult(_toEndpoint) is not null || result.GetResult(_toRegion) is not null || result.GetResult(_toTable) is not null;
        if (isTable == result.GetResult(_toFile) is not null)
        {
            result.AddError($"{(isTable ? "--to-file and a table cannot both be the target" : "copy needs a target")}: give --to-file, or one of --to-endpoint, --to-region and --to-table.");
        }
    }

    private static MailboxAddress[] Addresses(IEnumerable<string> texts) => [.. texts.Select(text => MailAddress.Parse(text, out MailboxAddress? address) is null ? address! : throw new ArgumentException(text))];

    private static void CheckFeeds(ArgumentResult result)
    {
        foreach (string feed in result.Tokens.Select(token => token.Value))
        {
            bool isOther = feed.Contains("://", StringComparison.Ordinal) && !(Uri.TryCreate(feed, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" or "file");
            string problem = string.IsNullOrWhiteSpace(feed) ? "A feed is a file or an http(s) address; one of the arguments is blank."
                : feed.All(char.IsAsciiLetter) && !System.IO.File.Exists(feed) ? $"'{feed}' is neither a command nor a file. The commands are list, show, status, resolve, doctor and copy; a feed is a file or an http(s) address."
                : feed.StartsWith('-') ? $"'{feed}' is not an option; for a file of this name write ./{feed}."
                : isOther ? $"'{feed}' is not an http(s) address; feeds are read from files, http and https." : "";
            Array.ForEach(problem.Length > 0 ? [problem] : Array.Empty<string>(), result.AddError);
        }
    }
}
