using DigestStore.History;
using DigestStore.Records;
using DigestStore.Telemetry;

namespace DigestStore.Copying;

// Copies the days of a range one after the other, oldest first, and keeps the account of them.
internal sealed class CopyRun(HistorySources from, HistorySources to, DateOnly first, DateOnly last, DigestCopyOptions options)
{
    // After so many days in a row that failed because a table did not do what it was asked, the others would fail too.
    private const int MaxFailuresInRow = 3;

    private readonly CopyCosts _costs = new();
    private readonly List<DigestCopyDay> _days = [];

    public async Task<DigestCopyResult> RunAsync(CancellationToken cancellationToken)
    {
        long began = to.Time.GetTimestamp();
        int dates = last.DayNumber - first.DayNumber + 1;
        (int done, int failures) = (0, 0);
        while (done < dates && failures < MaxFailuresInRow && !cancellationToken.IsCancellationRequested)
        {
            DateOnly date = first.AddDays(done);
            DigestCopyDay? day;
            try
            {
                day = await new DayCopier(from, to, options.VerifyOnly, _costs, date, cancellationToken).CopyAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The day may be there in part, so it is one of those that are left.
                break;
            }

            done++;
            failures = day is { Outcome: DigestCopyOutcome.Failed, Error: not (DigestStoreErrorReason.NotStored or DigestStoreErrorReason.NewerSchema) } ? failures + 1 : 0;
            if (day is not null)
            {
                _days.Add(day);
            }

            Guard.Run(() => options.Progress?.Report(new DigestCopyProgress { Date = date, Day = day, DatesDone = done, Dates = dates }));
        }

        var result = new DigestCopyResult
        {
            Days = _days,
            Dates = dates,
            DatesLeft = dates - done,
            SourceCost = _costs.Source.Cost,
            TargetCost = _costs.Target.Cost,
            Duration = to.Time.GetElapsedTime(began),
        };
        to.Telemetry.Log.CopyDone(new DayRange(to.Settings.Options.TableName, to.Settings.Options.DigestName, first, last), from.Settings.Options.TableName, result);
        return result;
    }
}
