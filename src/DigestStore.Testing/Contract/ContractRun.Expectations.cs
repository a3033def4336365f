using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DigestStore.Testing;

internal sealed partial class ContractRun
{
    private const int MaxFormattedEntries = 30;

    public void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw Violation(what, Format(expected), Format(actual));
        }
    }

    public void SameList<T>(IEnumerable<T> expected, IEnumerable<T> actual, string what)
    {
        T[] wanted = [.. expected];
        T[] found = [.. actual];
        if (wanted.AsSpan().SequenceEqual(found))
        {
            return;
        }

        int at = 0;
        while (at < wanted.Length && at < found.Length && EqualityComparer<T>.Default.Equals(wanted[at], found[at]))
        {
            at++;
        }

        throw Violation(
            string.Create(CultureInfo.InvariantCulture, $"{what}, from place {at}"),
            string.Create(CultureInfo.InvariantCulture, $"{wanted.Length} entries … {Format(wanted.Skip(at))}"),
            string.Create(CultureInfo.InvariantCulture, $"{found.Length} entries … {Format(found.Skip(at))}"));
    }

    public void True(bool condition, string what, string expected, object? actual)
    {
        if (!condition)
        {
            throw Violation(what, expected, Format(actual));
        }
    }

    public T NotNull<T>([NotNull] T? value, string what)
        where T : class
        => value ?? throw Violation(what, "a value", "null");

    public StoredDigestItem Single(Digest digest, string what)
    {
        Equal(1, digest.Count, what + ", number of items");
        return digest[0];
    }

    public void Outcomes(StoreResult result, params DigestItemOutcome[] expected) =>
        SameList(expected, result.Outcomes, "the outcomes");

    public void AllOutcomes(StoreResult result, DigestItemOutcome expected) =>
        SameList(Enumerable.Repeat(expected, result.Received), result.Outcomes, "the outcomes");

    public void Titles(IEnumerable<string> expected, IEnumerable<StoredDigestItem> actual, string what) =>
        SameList(expected, actual.Select(stored => stored.Item.Title), what + ", titles in order");

    public async Task<TException> ThrowsAsync<TException>(Func<Task> act, string what)
        where TException : Exception
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (TException expected)
        {
            return expected;
        }
        catch (Exception other) when (other is not MissingCapabilityException && !CancellationToken.IsCancellationRequested)
        {
            throw new ContractViolationException(clause.Name, what, typeof(TException).Name, other.GetType().Name + ": " + other.Message, other);
        }

        throw Violation(what, typeof(TException).Name, "no exception");
    }

    // Checks what must be true of every result.
    public StoreResult CheckInvariants(StoreResult result)
    {
        NotNull(result, "the result");
        Equal(
            result.Received,
            result.Inserted + result.Updated + result.Unchanged + result.Duplicates + result.Rejected + result.Failed + result.Skipped,
            "the sum of the counts");
        Equal(result.Received, result.Outcomes.Count, "the number of outcomes");
        foreach (IGrouping<DigestItemOutcome, DigestItemOutcome> group in result.Outcomes.GroupBy(outcome => outcome))
        {
            Equal(Count(result, group.Key), group.Count(), "how many outcomes are " + group.Key);
        }

        True(result.Duration >= TimeSpan.Zero, "Duration", "not negative", result.Duration);
        True(result.Cost.Requests >= result.Cost.Retries && result.Cost.Retries >= 0, "Retries", "from 0 to Requests", result.Cost.Retries);
        True(result.Cost.WriteUnits >= 0 && result.Cost.ReadUnits >= 0, "WriteUnits and ReadUnits", "not negative", (result.Cost.WriteUnits, result.Cost.ReadUnits));
        Equal(result.Duplicates, result.Quality.Duplicates, "Quality.Duplicates");
        True(!string.IsNullOrEmpty(result.CorrelationId), "CorrelationId", "a text", result.CorrelationId);
        return result;
    }

    private static int Count(StoreResult result, DigestItemOutcome outcome) => outcome switch
    {
        DigestItemOutcome.Inserted => result.Inserted,
        DigestItemOutcome.Updated => result.Updated,
        DigestItemOutcome.Unchanged => result.Unchanged,
        DigestItemOutcome.Duplicate => result.Duplicates,
        DigestItemOutcome.Rejected => result.Rejected,
        DigestItemOutcome.Failed => result.Failed,
        DigestItemOutcome.Skipped => result.Skipped,
        _ => -1,
    };

    private ContractViolationException Violation(string what, string expected, string actual) => new(clause.Name, what, expected, actual);

    private static string Format(object? value) => value switch
    {
        null => "null",
        string text => '"' + (text.Length > 300 ? text[..300] + "…" : text) + '"',
        StoredDigestItem stored => string.Create(CultureInfo.InvariantCulture, $"{stored} {Format(stored.Item.Tags)} {Format(stored.Item.Metadata)}"),
        DigestItem item => string.Create(CultureInfo.InvariantCulture, $"{item} {Format(item.Tags)} {Format(item.Metadata)}"),
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        IEnumerable list => FormatList(list.Cast<object?>()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string FormatList(IEnumerable<object?> list)
    {
        object?[] first = [.. list.Take(MaxFormattedEntries + 1)];
        return "[" + string.Join(", ", first.Take(MaxFormattedEntries).Select(Format)) + (first.Length > MaxFormattedEntries ? ", …]" : "]");
    }
}
