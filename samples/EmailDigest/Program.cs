using System.CommandLine;
using Microsoft.Extensions.Logging.Console;

namespace EmailDigest;

/// <summary>Puts the program together and runs the job once.</summary>
internal static class Program
{
    private const string CallerKey = $"{DigestStoreDefaults.SectionName}:{nameof(DigestStoreOptions.Caller)}";

    // A run that is stopped, by Ctrl+C or SIGTERM, has this long to end; then what it still does is left behind.
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(700);

    // Of that time, how long the OpenTelemetry collector may take for the last export.
    private static readonly TimeSpan LastExportTime = TimeSpan.FromMilliseconds(300);

    public static Task<int> Main(string[] args) => RunAsync(args, Terminal.ForThisProcess());

    /// <summary>What <see cref="Main"/> does. Tests replace services, and give settings in place of the environment variables.</summary>
    public static async Task<int> RunAsync(
        string[] args, Terminal terminal, Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? environment = null, CancellationToken cancellationToken = default)
    {
        var commandLine = new CommandLine();
        commandLine.Root.SetAction((arguments, token) => GuardAsync(terminal, () => RunJobAsync(commandLine.Read(arguments, Today(environment)), terminal, configure, environment, token)));
        OnTable(commandLine.List, (services, arguments, token) => new DayCommands(services, terminal).ListAsync(commandLine.Days(arguments), commandLine.Until(arguments), token));
        OnTable(commandLine.Show, (services, arguments, token) => new DayCommands(services, terminal).ShowAsync(commandLine.Day(arguments), token));
        OnTable(commandLine.Status, (services, arguments, token) => new DayCommands(services, terminal).StatusAsync(commandLine.Day(arguments), token));
        OnTable(commandLine.Resolve, (services, arguments, token) => new DayCommands(services, terminal).ResolveAsync(commandLine.Day(arguments), commandLine.Resolution(arguments), token));
        OnTable(commandLine.Doctor, (services, arguments, token) => TableInspection.RunAsync(services, commandLine.IsJson(arguments), terminal, token), CheckOf);
        OnTable(
            commandLine.Copy,
            (services, arguments, token) => new CopyCommand(services, terminal, commandLine.Target(arguments)).RunAsync(
                commandLine.Days(arguments, JobOptions.DefaultCopied), commandLine.Until(arguments), commandLine.IsVerifying(arguments), commandLine.CreatesTable(arguments), token),
            add: (services, section, arguments) => commandLine.Target(arguments).AddTo(services, section));
        ParseResult parsed = commandLine.Root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return WrongArguments(terminal, [.. parsed.Errors.Select(error => error.Message).Distinct(), $"Try {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help."]);
        }

        var invocation = new InvocationConfiguration { Output = terminal.Out.Profile.Out.Writer, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTime };
        return await parsed.InvokeAsync(invocation, cancellationToken);

        void OnTable(
            Command command, Func<IServiceProvider, ParseResult, CancellationToken, Task<int>> run, Func<string, string?>? refuse = null, Action<IServiceCollection, IConfigurationSection, ParseResult>? add = null) => command.SetAction((arguments, token) => GuardAsync(
            terminal, () => RunOnTableAsync(
                AddSettings(new ConfigurationManager(), commandLine.Settings(arguments), environment), commandLine.File(arguments), refuse ?? AbsenceOf, terminal,
                (services, section) => add?.Invoke(services, section, arguments), services => run(services, arguments, token))));
    }

    private static async Task<int> RunJobAsync(
        JobOptions options, Terminal terminal, Action<IServiceCollection>? configure, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateBuilder(options, terminal, environment);
        configure?.Invoke(builder.Services);
        using IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        int exitCode = await host.Services.GetRequiredService<DigestJob>().RunAsync(cancellationToken);

        // The last metrics and spans go out while the host stops.
        using var end = new CancellationTokenSource();
        using CancellationTokenRegistration hurry = cancellationToken.Register(() => end.CancelAfter(LastExportTime));
        await host.StopAsync(end.Token);
        return exitCode;
    }

    // The commands that look at what is stored, or record a decision in it. Says for a file why it is of no use to a command.
    private static async Task<int> RunOnTableAsync(ConfigurationManager configuration, string? named, Func<string, string?> refuse, Terminal terminal, Action<IServiceCollection, IConfigurationSection> add, Func<IServiceProvider, Task<int>> run)
    {
        IConfigurationSection section = configuration.GetSection(DigestStoreDefaults.SectionName);
        string? file = StoreChoice.FileOf(named, JobOptions.DefaultFile, section);
        if (file is not null && refuse(file) is { } refusal)
        {
            return WrongArguments(terminal, [refusal]);
        }

        var collection = new ServiceCollection();
        _ = file is null ? collection.AddDigestStore(section) : collection.AddSqliteDigestStore(file, section);
        add(collection, section);
        await using ServiceProvider services = collection.BuildServiceProvider();
        _ = services.GetRequiredService<IOptions<DigestStoreOptions>>().Value; // Throws for a setting that is wrong.
        return await run(services);
    }

    // Looking makes no file.
    private static string? AbsenceOf(string file) => Path.Exists(file) ? null
        : $"There is no file {file} yet; a run that stores makes it. Name another one with --file, or a DynamoDB table with {StoreChoice.HowToNameATable}.";

    private static string CheckOf(string file) =>
        $"doctor looks at DynamoDB tables: name one with {StoreChoice.HowToNameATable}. To check a file: sqlite3 \"{file}\" \"PRAGMA integrity_check\"";

    private static async Task<int> GuardAsync(Terminal terminal, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception wrong) when (wrong is OptionsValidationException or InvalidOperationException or ArgumentException or TimeZoneNotFoundException)
        {
            // A setting from the environment that is of the wrong type, such as a word for a number, is an InvalidOperationException; a path that is none is an ArgumentException.
            return WrongArguments(terminal, (wrong as OptionsValidationException)?.Failures ?? [wrong.Message.Split(" (Parameter '")[0] + (wrong is TimeZoneNotFoundException ? " Set DigestStore__TimeZone to a name such as Europe/Berlin, or remove it for UTC." : "")]);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Stopped;
        }
    }

    private static DateOnly Today(IReadOnlyDictionary<string, string?>? environment)
    {
        IConfigurationSection section = AddSettings(new ConfigurationManager(), new Dictionary<string, string?>(), environment).GetSection(DigestStoreDefaults.SectionName);
        return new DigestStoreOptions { TimeZone = section[nameof(DigestStoreOptions.TimeZone)] ?? DigestStoreDefaults.TimeZone }.Today();
    }

    private static HostApplicationBuilder CreateBuilder(JobOptions options, Terminal terminal, IReadOnlyDictionary<string, string?>? environment)
    {
        // Without the defaults no file is watched, and only those settings count that --help names.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        AddSettings(builder.Configuration, options.Settings, environment);

        // The store is a file, DynamoDB or memory. Items that the first two do not take are kept in other files, and stored by a later run.
        IConfigurationSection section = builder.Configuration.GetSection(DigestStoreDefaults.SectionName);
        StoreChoice choice = StoreChoice.Of(options, section);
        IDigestStoreBuilder store = choice.IsInMemory ? builder.Services.AddInMemoryDigestStore(section.Bind)
            : choice.File is { } file ? builder.Services.AddSqliteDigestStore(file, section) : builder.Services.AddDigestStore(section);
        _ = choice.DeadLetters is { } folder ? store.AddFileDeadLetters(folder) : store;

        builder.Services.AddSingleton(choice).AddSingleton(options).AddSingleton(terminal).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DigestJob>().AddSingleton<FeedLoader>().AddSingleton<Report>().AddSingleton<RunHistory>();
        builder.Services.AddSingleton<IMailer>(provider => options.Smtp is { } server
            ? new MailServer(server, builder.Configuration, provider.GetRequiredService<TimeProvider>())
            : new EmlFile(DigestEmail.PathFor(options)));
        FeedLoader.AddClient(builder.Services);

        // Logs, traces and metrics.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Polly", LogLevel.None);
        if (options.Verbose)
        {
            builder.Logging.AddSimpleConsole(format => format.SingleLine = true);
            builder.Services.Configure<ConsoleLoggerOptions>(log => log.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        if (OtlpSettings.From(builder.Configuration) is { } settings)
        {
            OtlpExport.Add(builder.Services, settings);
        }

        if (options.Metrics)
        {
            // The interval is longer than any run, so the metrics are printed once, when the host stops.
            store.AddCloudWatchMetrics(metrics => (metrics.Writer, metrics.Interval) = (terminal.Out.Profile.Out.Writer, TimeSpan.FromHours(1)));
        }

        return builder;
    }

    private static ConfigurationManager AddSettings(ConfigurationManager configuration, IReadOnlyDictionary<string, string?> settings, IReadOnlyDictionary<string, string?>? environment)
    {
        // Later sources win: this default, then the environment, then the command line. The caller is named in the log, the audit trail and the spans.
        configuration.AddInMemoryCollection([new(CallerKey, $"EmailDigest ({Environment.UserName})")]);
        _ = environment is null ? configuration.AddEnvironmentVariables() : configuration.AddInMemoryCollection(environment);
        configuration.AddInMemoryCollection(settings.Where(setting => setting.Value is not null).Select(setting => KeyValuePair.Create($"{DigestStoreDefaults.SectionName}:{setting.Key}", setting.Value)));
        return configuration;
    }

    private static int WrongArguments(Terminal terminal, IEnumerable<string> messages)
    {
        Array.ForEach([.. messages], terminal.Error);
        return ExitCode.WrongArguments;
    }
}
