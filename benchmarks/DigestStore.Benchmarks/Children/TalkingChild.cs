using System.Diagnostics;
using System.Text.Json;

namespace DigestStore.Benchmarks.Children;

/// <summary>This program once more, with another verb, which answers each line of its input with one line.</summary>
internal sealed class TalkingChild : IAsyncDisposable
{
    private readonly Process _process;

    public TalkingChild(string verb, params string[] arguments)
    {
        ProcessStartInfo start = ChildProcess.Describe(verb, arguments);
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
    }

    public async Task<T> AskAsync<T>(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        string? answer = await _process.StandardOutput.ReadLineAsync();
        return answer is null ? throw new InvalidOperationException("A child process has ended early; its own words are above.") : JsonSerializer.Deserialize<T>(answer)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
