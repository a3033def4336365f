using Microsoft.Extensions.Hosting;

namespace DigestStore.CloudWatch;

// Being made starts the metrics. What the host does after its services have stopped is written when the container is disposed of.
internal sealed class CloudWatchService(CloudWatchMetrics metrics) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        metrics.Flush();
        return Task.CompletedTask;
    }
}
