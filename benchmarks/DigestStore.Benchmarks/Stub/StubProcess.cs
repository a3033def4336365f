using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace DigestStore.Benchmarks.Stub;

/// <summary>Starts the stub server as a process of its own, and speaks to its control path.</summary>
internal sealed class StubProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _control = new();

    private StubProcess(Process process, int port)
    {
        _process = process;
        Url = new Uri($"http://127.0.0.1:{port}/");
    }

    public Uri Url { get; }

    public static async Task<StubProcess> StartAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { typeof(StubProcess).Assembly.Location, StubServer.Verb },
        };
        Process process = Process.Start(start)!;
        string? port = await process.StandardOutput.ReadLineAsync();
        return new StubProcess(process, int.Parse(port!, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Changes how it answers, and sets the counters to zero.</summary>
    public async Task ConfigureAsync(StubSettings settings)
    {
        // With a content length; the server knows no chunks.
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(settings));
        using HttpResponseMessage response = await _control.PostAsync(new Uri(Url, StubConnection.ControlPath), content);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What it has counted since this was last asked.</summary>
    public async Task<StubCounters> TakeCountersAsync() =>
        (await _control.GetFromJsonAsync<StubCounters>(new Uri(Url, StubConnection.ControlPath)))!;

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
