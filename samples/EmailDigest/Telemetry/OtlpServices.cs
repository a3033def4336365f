using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EmailDigest.Telemetry;

/// <summary>Registers the export; before the job, since what starts first stops last.</summary>
internal static class OtlpServices
{
    public static void AddOtlpExport(this IServiceCollection services, OtlpSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<OtlpExport>();
        services.AddSingleton<ILoggerProvider>(provider => new OtlpLoggers(provider.GetRequiredService<OtlpExport>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OtlpExport>());
    }

    private sealed class OtlpLoggers(OtlpExport export) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => export.Loggers?.CreateLogger(categoryName) ?? NullLogger.Instance;

        public void Dispose()
        {
            // The export is the container's.
        }
    }
}
