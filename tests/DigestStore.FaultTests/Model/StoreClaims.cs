using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DigestStore.FaultTests;

/// <summary>Holds a store's result against the table before and after it and against what the engine was sent.</summary>
/// <param name="store">The call.</param>
/// <param name="before">The day when it began.</param>
/// <param name="after">The day when it had ended.</param>
/// <param name="requests">All requests of the time between.</param>
/// <param name="others">What other stores handed in at the same time: of these pages the last write wins.</param>
/// <param name="broken">Told of every claim that is not true.</param>
internal sealed class StoreClaims(
    ModelStore store, ModelDay before, ModelDay after, IReadOnlyList<ModelRequest> requests, IReadOnlyList<ModelItem> others, Action<string> broken)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private readonly StoreResult _result = store.Result;
    private readonly ILookup<string, ModelRecord> _before = before.ByPage(store.DropsWww);
    private readonly ILookup<string, ModelRecord> _after = after.ByPage(store.DropsWww);
    private readonly ILookup<string, ModelItem> _others = others.Where(item => item.Defect is null).ToLookup(item => item.PageUnder(store.DropsWww));
    private readonly HashSet<(string, string)> _applied = [.. requests.SelectMany(request => request.Applied).Select(put => (put.Title, put.Url))];
    private readonly HashSet<string> _titlesSent = [.. requests.SelectMany(request => request.Puts).Select(put => put.Title)];

    public void Check()
    {
        CheckCounts();
        for (int index = 0; index < Math.Min(_result.Received, store.Items.Count); index++)
        {
            CheckItem(index, store.Items[index], _result.Outcomes[index]);
        }

        CheckRecords();
        CheckLetters();
        if (others.Count == 0)
        {
            CheckHeader();
        }
    }

    private void Expect(bool isTrue, string claim)
    {
        if (!isTrue)
        {
            broken($"{store}: {claim}");
        }
    }

    private void CheckCounts()
    {
        int sum = _result.Inserted + _result.Updated + _result.Unchanged + _result.Duplicates + _result.Rejected + _result.Failed + _result.Skipped;
        Expect(_result.Received == sum && _result.Outcomes.Count == sum, $"Received is {_result.Received}, the counts sum to {sum}, there are {_result.Outcomes.Count} outcomes");
        Expect(_result.Received <= store.Items.Count && (_result.InputError is not null || _result.Received == store.Items.Count), $"Received is {_result.Received} of {store.Items.Count}, input error {_result.InputError?.GetType().Name}");
        Expect(_result.InputError is null || store.IsStream || store.IsLazy, $"a list broke off: {_result.InputError}");
        Expect(_result.InputError is not IOException, "what the clean-up of the input threw is told as an error of the input");
        Expect(_result.InputError is not ModelInputException || _result.Received == store.ThrowsAt, $"{_result.Received} items were taken before the input threw");
        Expect(_result.Problems.All(problem => problem.Reason != StoreProblemReason.InternalError), "InternalError: the library broke");

        bool isLeft = _result.Failed > 0 || _result.InputError is not null;
        int stored = _result.Inserted + _result.Updated + _result.Unchanged;
        StoreStatus status = !store.Options.Enabled ? StoreStatus.Disabled
            : !isLeft && (_result.Received == 0 || _result.Rejected < _result.Received) ? StoreStatus.Stored
            : stored > 0 ? StoreStatus.PartiallyStored : StoreStatus.Failed;
        Expect(_result.Status == status, $"the status is {_result.Status}, the counts make it {status}");
    }

    private void CheckItem(int index, ModelItem item, DigestItemOutcome outcome)
    {
        StoreProblemReason? reason = store.ReasonOf(index);
        string what = $"item {index} ({(item.Defect is null ? $"'{item.Title}', page {store.PageOf(index)}" : "invalid")}) is {outcome}{(reason is null ? "" : $"/{reason}")}";
        if (!store.Options.Enabled && outcome == DigestItemOutcome.Skipped)
        {
            Expect(requests.Count == 0, $"{what}, and a request was made");
            return;
        }

        if (item.Defect is { } defect)
        {
            Expect(outcome == DigestItemOutcome.Rejected && reason == defect, $"{what}, must be rejected as {defect}");
            Expect(item.Item?.Title is not { Length: > 1 } title || !_titlesSent.Contains(title), $"{what}, and was sent");
            return;
        }

        string page = store.PageOf(index);
        switch (outcome)
        {
            case DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged:
                CheckStored(what, page, item, outcome);
                break;
            case DigestItemOutcome.Duplicate:
                Expect(store.CopiesOf(page).Any(copy => copy > index && _result.Outcomes[copy] != DigestItemOutcome.Rejected), $"{what}, and there is no later copy that it could give way to");
                break;
            case DigestItemOutcome.Failed:
                CheckFailed(what, index, item, page, reason);
                break;
            case DigestItemOutcome.Rejected:
                Expect(reason == StoreProblemReason.ItemTooLarge && _before[page].Any(record => record.Foreign?.Length > ModelRun.SmallForeign), $"{what}, and is valid");
                break;
            default:
                Expect(false, $"{what}, and the store is on");
                break;
        }
    }

    private void CheckStored(string what, string page, ModelItem item, DigestItemOutcome outcome)
    {
        Expect(store.Options.Enabled, $"{what}, and the store is off");
        if (_others.Contains(page))
        {
            // Whoever wrote last has won, but somebody has.
            Expect(_after[page].Any(record => record.Content == item.Content || _others[page].Any(other => other.Content == record.Content) || store.CopiesOf(page).Any(copy => store.Items[copy].Content == record.Content)), $"{what}, and the table has {Contents(page)}");
            return;
        }

        // Of two records of one page, which a day of several identity rules can have, the one that was written.
        ModelRecord? there = _after[page].Where(record => record.Content == item.Content).OrderBy(record => before.ByKey.TryGetValue(record.Key, out ModelRecord? same) && same.Raw == record.Raw).FirstOrDefault();
        Expect(there is not null, $"{what}, and the table has {Contents(page)}");
        if (there is null)
        {
            return;
        }

        before.ByKey.TryGetValue(there.Key, out ModelRecord? old);
        switch (outcome)
        {
            case DigestItemOutcome.Inserted:
                Expect(!_before[page].Any(), $"{what}, and the table had the page");
                Expect(store.IsStream || there.Url == item.Url, $"{what}, and its URL is '{there.Url}'");
                break;
            case DigestItemOutcome.Updated:
                Expect(old is not null && there.Revision > old.Revision, $"{what}, and its revision is {there.Revision}, was {old?.Revision}");
                Expect(store.IsStream || there.Url == item.Url, $"{what}, and its URL is '{there.Url}'");
                break;
            default:
                Expect(old is not null && old.Content == there.Content && old.Revision == there.Revision, $"{what}, and it was '{old?.Title}' of revision {old?.Revision}");
                break;
        }
    }

    private string Contents(string page) => _after[page].Any() ? string.Join(" and ", _after[page].Select(record => $"'{record.Title}'")) : "nothing";

    private void CheckFailed(string what, int index, ModelItem item, string page, StoreProblemReason? reason)
    {
        Expect(reason is not null, $"{what}, and there is no problem that says why");
        Expect(reason != StoreProblemReason.Canceled || store.WasCanceled, $"{what}, and nobody canceled");
        bool isRefused = reason is StoreProblemReason.TableMismatch or StoreProblemReason.RefusedByTable or StoreProblemReason.BatchRefused;
        Expect(!isRefused || requests.Any(request => request.Answer.Contains("ValidationException", StringComparison.Ordinal)), $"{what}, and no request was refused");

        // Unavailable allows for a server error after the deed, OutcomeUnknown for everything. Every other reason denies that the item is stored.
        bool isDenied = reason != StoreProblemReason.OutcomeUnknown &&
            (reason != StoreProblemReason.Unavailable || requests.Any(request => !request.Answer.StartsWith('5') && request.Applied.Any(item.IsPutBy)));
        bool isUnique = !_others.Contains(page) && store.CopiesOf(page).Count(copy => store.Items[copy].Title == item.Title && store.Items[copy].Url == item.Url) == 1;
        Expect(!isDenied || !isUnique || !_applied.Contains((item.Title, item.Url)), $"{what}, and the engine has stored it");
    }

    // Nothing changes but what was handed in, and what changes keeps what it must.
    private void CheckRecords()
    {
        foreach (ModelRecord old in before.Records)
        {
            Expect(after.ByKey.ContainsKey(old.Key), $"the record '{old.Title}' has vanished");
        }

        foreach (ModelRecord record in after.Records)
        {
            string page = record.PageUnder(store.DropsWww);
            if (!before.ByKey.TryGetValue(record.Key, out ModelRecord? old) || old.Raw != record.Raw)
            {
                CheckChanged(record, old, page, [.. store.CopiesOf(page)]);
            }
        }
    }

    private void CheckChanged(ModelRecord record, ModelRecord? old, string page, IReadOnlyList<int> copies)
    {
        bool isShared = _others.Contains(page);
        Expect(isShared || copies.Any(copy => store.Items[copy].Content == record.Content), $"nobody handed in '{record.Title}' of page {page}, and it was written");
        if (isShared)
        {
            return;
        }

        if (old is null)
        {
            Expect(_after[page].Count() == 1 || after.IsMixed, $"page {page} is there twice");
            Expect(record.Revision >= 1 && record.Revision <= (store.IsStream ? copies.Count : 1), $"the new '{record.Title}' has revision {record.Revision}");
            Expect(others.Count > 0 || (store.IsStream ? copies : copies.Take(1)).Any(copy => before.NextOrdinal + copy == record.Ordinal), $"the new '{record.Title}' has ordinal {record.Ordinal}, the day's next was {before.NextOrdinal}");
            Expect(IsWithin(record.CreatedAt), $"the new '{record.Title}' has createdAt {record.CreatedAt}");
            Expect(record.Attributes.ContainsKey("expiresAt") == store.Options.Retention is not null, $"the new '{record.Title}' has the wrong expiry");
            Expect(after.IsMixed || record.Key == KeyOf(page), $"'{record.Title}' has the key {record.Key}");
            return;
        }

        Expect((record.CreatedAt, record.Ordinal, record.Foreign) == (old.CreatedAt, old.Ordinal, old.Foreign), $"'{record.Title}' has lost its createdAt, ordinal or foreign attribute");
        bool isSame = record.Content == old.Content && (!store.IsStream || copies.Count == 1);
        Expect(!isSame || (record.Revision, record.UpdatedAt) == (old.Revision, old.UpdatedAt), $"'{record.Title}' is the same and has revision {record.Revision}, had {old.Revision}");
        Expect(isSame || (record.Revision > old.Revision && record.Revision <= old.Revision + (store.IsStream ? copies.Count : 1) && IsWithin(record.UpdatedAt)), $"'{record.Title}' has revision {record.Revision} of {record.UpdatedAt}, had {old.Revision}");
    }

    private bool IsWithin(string time) =>
        string.CompareOrdinal(time, Text(store.StartedAt)) >= 0 && string.CompareOrdinal(time, Text(store.EndedAt)) <= 0;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string KeyOf(string page)
    {
        string[] parts = page.Split(' ');
        string canonical = $"https://{(parts.Length > 1 ? "www." : "")}example.com/p/{parts[0]}";
        return "ITEM#" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))[..32];
    }

    private void CheckLetters()
    {
        bool areLost = store.Has(StoreProblemReason.DeadLettersNotWritten);

        // A call that is over before it has looked at all of its items may not hand them all over.
        bool wasShort = _result.Problems.Any(problem => problem.Reason is StoreProblemReason.DeadlineExceeded or StoreProblemReason.Canceled or StoreProblemReason.Disposed);
        Expect(!areLost || wasShort || store.SinkFailures > 0, "letters are lost, and the sink has not failed");
        Expect(areLost || !store.HadSink || _result.DeadLettered == store.Letters.Count, $"DeadLettered is {_result.DeadLettered}, the sink has {store.Letters.Count}");
        ILookup<(string, string), DeadLetter> letters = store.Letters.ToLookup(letter => (letter.Item!.Title, letter.Item!.Url));
        var kept = new HashSet<(string, string)>();
        for (int index = 0; index < Math.Min(_result.Received, store.Items.Count); index++)
        {
            DigestItemOutcome outcome = _result.Outcomes[index];
            ModelItem item = store.Items[index];
            if (item.Defect is null && outcome is DigestItemOutcome.Failed or DigestItemOutcome.Skipped or DigestItemOutcome.Duplicate)
            {
                kept.Add((item.Title, item.Url));
                bool isOwed = store.HadSink && !areLost && (outcome == DigestItemOutcome.Failed || (outcome == DigestItemOutcome.Skipped && store.Options.WhenDisabled == DisabledItems.DeadLetter));
                Expect(!isOwed || letters.Contains((item.Title, item.Url)), $"item {index} is {outcome} and has no letter");
            }
        }

        foreach (IGrouping<(string Title, string Url), DeadLetter> letter in letters)
        {
            Expect(kept.Contains(letter.Key), $"'{letter.Key.Title}' has a letter and has not failed");
        }
    }

    private void CheckHeader()
    {
        bool isOwed = _result.Inserted + _result.Updated + _result.Unchanged > 0;
        bool isDoubtful = store.Has(StoreProblemReason.HeaderNotWritten);
        int runs = after.Runs - before.Runs;
        Expect(isOwed || runs == 0, $"nothing is stored, and the header counts {runs} runs more");
        Expect(!isOwed || runs == 1 || (isDoubtful && runs == 0), $"the header counts {runs} runs more");
        if (!isOwed || isDoubtful)
        {
            return;
        }

        bool isComplete = _result.Failed == 0 && _result.InputError is null;
        int used = isComplete && (_result.Inserted > 0 || !before.HasHeader) ? _result.Received : 0;
        Expect(after.NextOrdinal == before.NextOrdinal + used, $"nextOrdinal is {after.NextOrdinal}, was {before.NextOrdinal}, and {used} were used");
        Expect(after.Text("lastStoreStatus") == (isComplete ? "stored" : "partially-stored"), $"the header says '{after.Text("lastStoreStatus")}'");
        Expect(after.Text("correlationId") == ModelStore.CorrelationIdOf(store.Number), $"the header has the correlation id '{after.Text("correlationId")}'");
        Expect(after.Text("status") == "pending", $"the header's delivery is '{after.Text("status")}'");
    }
}

internal sealed class ModelInputException() : Exception("the producer broke");
