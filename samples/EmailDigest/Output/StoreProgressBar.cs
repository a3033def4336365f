using System.Globalization;
using DigestStore;
using Spectre.Console;

namespace EmailDigest.Output;

/// <summary>A bar for inputs long enough to wait for; a line for each quarter where nothing can be redrawn.</summary>
internal static class StoreProgressBar
{
    public const int ShownAbove = 500;

    public static Task<StoreResult> RunAsync(IAnsiConsole console, int items, Func<IProgress<StoreProgress>?, Task<StoreResult>> store)
    {
        if (items <= ShownAbove)
        {
            return store(null);
        }

        if (!console.Profile.Capabilities.Interactive)
        {
            return store(new Quarters(console, items));
        }

        Progress progress = console.Progress().Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn());
        return progress.StartAsync(async context =>
        {
            ProgressTask task = context.AddTask("   Storing", maxValue: items);
            StoreResult result = await store(new Relay(task));
            task.Value = result.Failed == 0 ? items : items - result.Failed;
            return result;
        });
    }

    private sealed class Quarters(IAnsiConsole console, int items) : IProgress<StoreProgress>
    {
        private readonly Lock _gate = new();
        private int _reported;

        public void Report(StoreProgress value)
        {
            lock (_gate)
            {
                int quarter = (int)(4L * value.Settled / items);
                if (quarter > _reported)
                {
                    _reported = quarter;
                    console.Line(string.Create(CultureInfo.InvariantCulture, $"   Storing: {value.Settled:N0} of {items:N0}"));
                }
            }
        }
    }

    // Progress<T> would hand the reports to the thread pool, where they may overtake each other.
    private sealed class Relay(ProgressTask task) : IProgress<StoreProgress>
    {
        public void Report(StoreProgress value) => task.Value = value.Settled;
    }
}
