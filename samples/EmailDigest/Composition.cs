using DigestStore;
using EmailDigest.Feeds;
using EmailDigest.Output;
using EmailDigest.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace EmailDigest;

/// <summary>Puts the program together.</summary>
internal static class Composition
{
    private const string CallerKey = $"{DigestStoreDefaults.SectionName}:{nameof(DigestStoreOptions.Caller)}";

    public static HostApplicationBuilder CreateBuilder(JobOptions options, IAnsiConsole console, IReadOnlyDictionary<string, string?>? environment)
    {
        // Without the defaults: no files watched, and no settings but those that --help names.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        // Who did it, for the log, the audit trail and the spans; the environment may say otherwise.
        builder.Configuration.AddInMemoryCollection([new(CallerKey, $"EmailDigest ({Environment.UserName})")]);
        if (environment is null)
        {
            builder.Configuration.AddEnvironmentVariables();
        }
        else
        {
            builder.Configuration.AddInMemoryCollection(environment);
        }

        builder.Configuration.AddInMemoryCollection(Settings(options));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        if (options.Verbose)
        {
            builder.Logging.AddSimpleConsole(format => format.SingleLine = true);
            builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(log => log.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        builder.Services.AddHttpClient(FeedLoader.ClientName, FeedLoader.Configure);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(console);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Report>();
        builder.Services.AddSingleton<RetryReasons>();
        builder.Services.AddSingleton<RunHistory>();
        builder.Services.AddSingleton<FeedLoader>();
        builder.Services.AddSingleton<DigestJob>();
        if (OtlpSettings.From(builder.Configuration) is { } settings)
        {
            builder.Services.AddOtlpExport(settings);
        }

        if (options.Metrics)
        {
            // Once, at the end of the run.
            builder.Services.AddCloudWatchMetrics(metrics => (metrics.Writer, metrics.Interval) = (console.Profile.Out.Writer, TimeSpan.FromHours(1)));
        }

        builder.Services.AddSingleton<JobService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobService>());
        builder.Services.AddSingleton(AddRepository(builder.Services, builder.Configuration.GetSection(DigestStoreDefaults.SectionName), options));
        return builder;
    }

    // The command line comes after the environment and wins.
    private static Dictionary<string, string?> Settings(JobOptions options)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        Add(nameof(DigestStoreOptions.ServiceUrl), options.Endpoint?.AbsoluteUri);
        Add(nameof(DigestStoreOptions.Region), options.Region);
        Add(nameof(DigestStoreOptions.TableName), options.Table);
        Add(nameof(DigestStoreOptions.Digest), options.Digest);
        return settings;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                settings[$"{DigestStoreDefaults.SectionName}:{name}"] = value;
            }
        }
    }

    private static RepositoryChoice AddRepository(IServiceCollection services, IConfiguration section, JobOptions options)
    {
        string? endpoint = section[nameof(DigestStoreOptions.ServiceUrl)];
        string? region = section[nameof(DigestStoreOptions.Region)];
        string? table = section[nameof(DigestStoreOptions.TableName)];
        string digest = section[nameof(DigestStoreOptions.Digest)] ?? DigestStoreDefaults.Digest;
        string caller = section[nameof(DigestStoreOptions.Caller)]!;
        if (endpoint is null && region is null && table is null)
        {
            RefuseDatabaseOptions(options);
            services.AddInMemoryDigestStore(section.Bind);
            return new RepositoryChoice($"In memory, digest {digest}: nothing outlives this run. Use --endpoint, --region or --table to store in DynamoDB.")
            {
                Caller = caller,
                Fault = options.Fault,
            };
        }

        if (options.Fault is { } fault)
        {
            string setting = endpoint is not null ? "--endpoint or DigestStore__ServiceUrl" : region is not null ? "--region or DigestStore__Region" : "--table or DigestStore__TableName";
            throw new OptionsValidationException("--fault", typeof(JobOptions), [$"--fault {Faults.NameOf(fault)} is for the repository in memory only; leave out {setting}, or the fault."]);
        }

        services.AddDigestStore(section);
        services.AddFileDeadLetters(options.DeadLetterFolder);
        var place = new DigestStoreOptions { ServiceUrl = endpoint, Region = region, TableName = table ?? DigestStoreDefaults.TableName };
        bool isLocal = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) && address.IsLoopback;
        return new RepositoryChoice(
            $"DynamoDB at {endpoint ?? region ?? "the region that the AWS SDK finds"}, table {place.TableName}, digest {digest}.",
            options.CreateTable || isLocal ? cancellationToken => TableSetup.EnsureAsync(place, isLocal, cancellationToken) : null)
        {
            Caller = caller,
        };
    }

    private static void RefuseDatabaseOptions(JobOptions options)
    {
        string? useless = options.DeadLetters is not null ? "--dead-letters" : options.CreateTable ? "--create-table" : null;
        if (useless is not null)
        {
            string remedy = options.Fault is { } fault
                ? $"--fault {Faults.NameOf(fault)} plays in memory; leave out {useless}"
                : $"add --endpoint, --region or --table, or leave out {useless}";
            throw new OptionsValidationException(useless, typeof(JobOptions), [$"{useless} is for DynamoDB only: {remedy}."]);
        }
    }
}
