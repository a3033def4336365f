using System.Diagnostics;
using EmailDigest.Output;
using EmailDigest.Telemetry;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace EmailDigest;

/// <summary>Runs the job once under the host, then stops the host; Ctrl+C and SIGTERM arrive as the token.</summary>
internal sealed class JobService(DigestJob job, JobOptions options, IAnsiConsole console, IHostApplicationLifetime lifetime) : BackgroundService
{
    public int Outcome { get; private set; } = ExitCode.Stopped;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using (Activity run = RunSpan.Start(options))
        {
            Outcome = await RunAsync(stoppingToken);
            RunSpan.End(run, Outcome);
        }

        lifetime.StopApplication();
    }

    private async Task<int> RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await job.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            console.Warning("Stopped before the email was written.");
            return ExitCode.Stopped;
        }
        catch (Exception unexpected)
        {
            console.Error($"The email was not written: {unexpected.GetType().Name}: {unexpected.Message}");
            return ExitCode.EmailNotWritten;
        }
    }
}
