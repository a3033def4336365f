using System.CommandLine;
using Microsoft.Extensions.Logging.Console;

namespace EmailDigest;

/// <summary>Puts the program together and runs the job once.</summary>
internal static class Program
{
    private const string CallerKey = $"{DigestStoreDefaults.SectionName}:{nameof(DigestStoreOptions.Caller)}";

    // A person who stops the program does not wait for what it still has to tell a collector.
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(300);
    public static Task<int> Main(string[] args) => RunAsync(args, Terminal.ForThisProcess());

    /// <summary>For tests: with a last word on the services, and with settings instead of those of this process's environment.</summary>
    public static async Task<int> RunAsync(
        string[] args, Terminal terminal, Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? environment = null, CancellationToken cancellationToken = default)
    {
        var commandLine = new CommandLine();
        commandLine.Root.SetAction((arguments, token) => RunJobAsync(commandLine.Read(arguments), terminal, configure, environment, token));
        ParseResult parsed = commandLine.Root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return WrongArguments(terminal, [.. parsed.Errors.Select(error => error.Message), "Try --help."]);
        }

        // The host handles Ctrl+C and SIGTERM.
        var invocation = new InvocationConfiguration { Output = terminal.Out.Profile.Out.Writer, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    private static async Task<int> RunJobAsync(
        JobOptions options, Terminal terminal, Action<IServiceCollection>? configure, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellationToken)
    {
        try
        {
            HostApplicationBuilder builder = CreateBuilder(options, terminal, environment);
            configure?.Invoke(builder.Services);
            using IHost host = builder.Build();
            await host.StartAsync(cancellationToken);
            CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
            int exitCode = await host.Services.GetRequiredService<DigestJob>().RunAsync(stop.Token);
            using var end = new CancellationTokenSource(exitCode == ExitCode.Stopped ? StopTime : Timeout.InfiniteTimeSpan);
            await host.StopAsync(end.Token);
            return exitCode;
        }
        catch (Exception wrong) when (wrong is OptionsValidationException or InvalidOperationException)
        {
            // The second is a setting from the environment that has another type.
            return WrongArguments(terminal, (wrong as OptionsValidationException)?.Failures ?? [wrong.Message]);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Stopped;
        }
    }

    private static HostApplicationBuilder CreateBuilder(JobOptions options, Terminal terminal, IReadOnlyDictionary<string, string?>? environment)
    {
        // Without the defaults: no files watched, and no settings but those that --help names.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        // Who did it, for the log, the audit trail and the spans; the environment may say otherwise, and the command line wins.
        builder.Configuration.AddInMemoryCollection([new(CallerKey, $"EmailDigest ({Environment.UserName})")]);
        _ = environment is null ? builder.Configuration.AddEnvironmentVariables() : builder.Configuration.AddInMemoryCollection(environment);
        builder.Configuration.AddInMemoryCollection(options.Settings.Where(setting => setting.Value is not null)
            .Select(setting => KeyValuePair.Create($"{DigestStoreDefaults.SectionName}:{setting.Key}", setting.Value)));

        // The store: in memory, or in DynamoDB with the items that it did not take kept in files.
        IConfigurationSection section = builder.Configuration.GetSection(DigestStoreDefaults.SectionName);
        StoreChoice choice = StoreChoice.Of(options, section);
        if (choice.IsInMemory)
        {
            builder.Services.AddInMemoryDigestStore(section.Bind);
        }
        else
        {
            builder.Services.AddDigestStore(section);
            builder.Services.AddFileDeadLetters(options.DeadLetterFolder);
        }

        builder.Services.AddSingleton(choice).AddSingleton(options).AddSingleton(terminal).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DigestJob>().AddSingleton<FeedLoader>().AddSingleton<Report>().AddSingleton<RetryReasons>().AddSingleton<RunHistory>();
        FeedLoader.AddClient(builder.Services);

        // What others see of it.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Polly", LogLevel.None);
        if (options.Verbose)
        {
            builder.Logging.AddSimpleConsole(format => format.SingleLine = true);
            builder.Services.Configure<ConsoleLoggerOptions>(log => log.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        if (OtlpSettings.From(builder.Configuration) is { } settings)
        {
            builder.Services.AddOtlpExport(settings);
        }

        if (options.Metrics)
        {
            // Once, at the end of the run.
            builder.Services.AddCloudWatchMetrics(metrics => (metrics.Writer, metrics.Interval) = (terminal.Out.Profile.Out.Writer, TimeSpan.FromHours(1)));
        }

        return builder;
    }

    private static int WrongArguments(Terminal terminal, IEnumerable<string> messages)
    {
        Array.ForEach([.. messages], terminal.Error);
        return ExitCode.WrongArguments;
    }
}
