using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace DigestStore.Benchmarks.Stub;

/// <summary>Starts the stub server as a process of its own, and speaks to its control path.</summary>
internal sealed class StubProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _control = new();
    private readonly string? _certificateFile;

    private StubProcess(Process process, Uri url, string? certificateFile) => (_process, Url, _certificateFile) = (process, url, certificateFile);

    public Uri Url { get; }

    /// <summary>With <paramref name="tls"/>, this process trusts the stub's certificate from now on, and no other.</summary>
    public static async Task<StubProcess> StartAsync(bool tls = false)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { typeof(StubProcess).Assembly.Location, StubServer.Verb, tls ? StubServer.Tls : "" },
        };
        Process process = Process.Start(start)!;
        string? url = await process.StandardOutput.ReadLineAsync();
        string? certificate = await process.StandardOutput.ReadLineAsync();
        string? file = null;
        if (tls)
        {
            file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, X509Certificate2.CreateFromPem(certificate).ExportCertificatePem());
            StubCertificate.Trust(file);
        }

        return new StubProcess(process, new Uri(url!), file);
    }

    /// <summary>Changes how it answers, and sets the counters to zero.</summary>
    public async Task ConfigureAsync(StubSettings settings)
    {
        using HttpResponseMessage response = await _control.PostAsJsonAsync(new Uri(Url, StubConnection.ControlPath), settings, JsonSerializerOptions.Default);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What it has counted since this was last asked.</summary>
    public async Task<StubCounters> TakeCountersAsync() =>
        (await _control.GetFromJsonAsync<StubCounters>(new Uri(Url, StubConnection.ControlPath)))!;

    /// <summary>How long it has delayed its answers since this was last asked.</summary>
    public async Task<StubDelays> TakeDelaysAsync() =>
        (await _control.GetFromJsonAsync<StubDelays>(new Uri(Url, StubConnection.DelaysPath)))!;

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_certificateFile is not null)
        {
            File.Delete(_certificateFile);
        }
    }
}
