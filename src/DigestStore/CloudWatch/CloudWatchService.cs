using Microsoft.Extensions.Hosting;

namespace DigestStore.CloudWatch;

// A host creates this service, and with it the metrics, when it starts. What is measured after the host has stopped its services is written
// when the container is disposed of.
internal sealed class CloudWatchService(CloudWatchMetrics metrics) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        metrics.Flush();
        return Task.CompletedTask;
    }
}
