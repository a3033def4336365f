using System.Diagnostics;

namespace DigestStore.TestSupport;

/// <summary>Moves a <see cref="ManualTimeProvider"/> on while a task waits on it.</summary>
/// <remarks>
/// "Everything waits" cannot be known from outside, only be observed: no timer was touched, nobody said busy and the thread pool
/// had nothing queued for a while of real time. A jump over a back-off asks for a short quiet; a far jump, which is nearly always
/// a deadline, asks for a long one, since firing a deadline early would fail a healthy test.
/// </remarks>
internal sealed class TimePump(ManualTimeProvider time, Func<bool>? isBusy)
{
    private static readonly TimeSpan FarJump = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan NearQuiet = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan FarQuiet = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan RealLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan VirtualLimit = TimeSpan.FromDays(7);

    public async Task RunAsync(Task task)
    {
        var began = Stopwatch.GetTimestamp();
        var virtualEnd = time.Elapsed + VirtualLimit;
        while (!task.IsCompleted)
        {
            if (Stopwatch.GetElapsedTime(began) > RealLimit || time.Elapsed > virtualEnd)
            {
                throw new TimeoutException(
                    $"The task has not ended after {time.Elapsed} of virtual time and {RealLimit.TotalSeconds} s of real time; {time.PendingTimers} timer(s) are armed.");
            }

            if (await IsQuietAsync(task) && !task.IsCompleted)
            {
                time.AdvanceToNextTimer();
            }
        }
    }

    // True after one quiet window; false as soon as anything stirred in it.
    private async Task<bool> IsQuietAsync(Task task)
    {
        var began = Stopwatch.GetTimestamp();
        var activity = time.Activity;
        var quiet = time.NextTimer is { } next && next < FarJump ? NearQuiet : FarQuiet;
        do
        {
            // At least one look: on a busy machine the window can be over before the first.
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(1)));
            if (task.IsCompleted || time.Activity != activity || isBusy?.Invoke() == true || ThreadPool.PendingWorkItemCount > 0)
            {
                return false;
            }
        }
        while (Stopwatch.GetElapsedTime(began) < quiet);

        return true;
    }
}
