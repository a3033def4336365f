using EmailDigest.Output;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace EmailDigest;

/// <summary>Runs the job once under the host, then stops the host; Ctrl+C and SIGTERM arrive as the token.</summary>
internal sealed class JobService(DigestJob job, IAnsiConsole console, IHostApplicationLifetime lifetime) : BackgroundService
{
    public int Outcome { get; private set; } = ExitCode.Stopped;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            Outcome = await job.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            console.Warning("Stopped before the email was written.");
            Outcome = ExitCode.Stopped;
        }
        catch (Exception unexpected)
        {
            console.Error($"The email was not written: {unexpected.GetType().Name}: {unexpected.Message}");
            Outcome = ExitCode.EmailNotWritten;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
