using System.Collections.Concurrent;
using System.Globalization;

namespace EmailDigest.Tests.Support;

/// <summary>Sees every step that a program takes outside of its process, and can hold the program at one of them for good, so that it can be killed there.</summary>
internal sealed class Gate(int holdAt = int.MaxValue)
{
    private readonly TaskCompletionSource<string> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _steps = new();
    private int _count;
    private volatile bool _isOpen;

    /// <summary>The steps so far, in their order.</summary>
    public IReadOnlyCollection<string> Steps => _steps;

    /// <summary>Ends with the name of the step at which the program is held.</summary>
    public Task<string> Reached => _reached.Task;

    /// <summary>From now on everybody passes, but for those that are held already.</summary>
    public void Open() => _isOpen = true;

    public async Task PassAsync(string step, CancellationToken stop)
    {
        int number = Interlocked.Increment(ref _count);
        string name = string.Create(CultureInfo.InvariantCulture, $"{number,2} {step}");
        _steps.Enqueue(name);
        if (number > holdAt && !_isOpen)
        {
            _reached.TrySetResult(name);
            await Task.Delay(Timeout.Infinite, stop);
        }
    }
}
