using System.Diagnostics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.DeadLetters;
using DigestStore.Table;

namespace DigestStore.FaultTests;

/// <summary>One schedule: random operations through the proxy, each judged by what the table really has, then a healthy end.</summary>
internal sealed class ModelRun : IAsyncDisposable
{
    /// <summary>What another hand adds to a record: seldom so much that the next content does not fit any more.</summary>
    public const int SmallForeign = 1_000;
    private const int LargeForeign = 409_000;

    private readonly ModelProfile _profile;
    private readonly Random _random;
    private readonly IAmazonDynamoDB _plain;
    private readonly ModelProxy _proxy;
    private readonly ModelInput _input;
    private readonly ModelClock _clock = new();
    private readonly RecordingLoggerFactory _log = new();
    private readonly DirectoryInfo _letters = Directory.CreateTempSubdirectory("digeststore-model-");
    private readonly FileDeadLetterSink _files;
    private readonly ModelSink? _sink;
    private readonly List<ModelStore> _stores = [];
    private readonly Dictionary<string, ModelAge> _ages = [];
    private readonly HashSet<int> _mustBeThere = [];
    private readonly List<string> _story = [];
    private readonly List<string> _broken = [];
    private DigestStoreOptions _options;
    private DigestRepository _repository;
    private ModelDay _day = null!;
    private int _group;

    public ModelRun(int seed, Uri engine, IAmazonDynamoDB plain, string table)
    {
        _profile = new ModelProfile(seed);
        (_random, _plain) = (_profile.Random, plain);
        _proxy = new ModelProxy(engine, _profile);
        _input = new ModelInput(_profile);
        _files = new FileDeadLetterSink(new FileDeadLetterOptions { Directory = _letters.FullName });
        _sink = _profile.HasSink ? new ModelSink(_files, new Random(seed), _profile.SinkFailures) : null;
        _options = With(_profile.Options, options =>
        {
            (options.TableName, options.ServiceUrl) = (table, _proxy.Uri.AbsoluteUri);
            options.Identity.DropWww = !_profile.MixesRules || _random.Next(2) == 0;
        });
        _repository = NewRepository();
    }

    /// <summary>Everything that was done and answered, for a schedule that failed.</summary>
    public string Story => $"{_profile}\n{string.Join('\n', _story)}";

    public IReadOnlyList<string> Broken => _broken;

    public int Requests => _proxy.Count;

    public async Task RunAsync()
    {
        _day = await ModelDay.ReadAsync(_plain, _options.TableName, _options.Digest);
        for (int operation = 0; operation < _profile.Operations && _broken.Count == 0; operation++)
        {
            await StepAsync(operation == 0 ? _random.Next(7) : _random.Next(18));
        }

        if (_broken.Count == 0)
        {
            await HealAsync();
        }

        _broken.AddRange(_proxy.Problems.Select(problem => $"the proxy: {problem}"));
    }

    public async ValueTask DisposeAsync()
    {
        _repository.Dispose();
        await _proxy.DisposeAsync();
        _log.Dispose();
        _letters.Delete(recursive: true);
    }

    private Task StepAsync(int kind) => kind switch
    {
        0 when _profile.MixesRules && _group > 0 => ChangeRulesAsync(),
        1 when _profile.MixesRules && _group > 0 => DeleteAsync(),
        < 4 => StoreAsync(_input.Next(), isStream: false),
        < 7 => StoreAsync(_input.Next(), isStream: true),
        7 when _stores.Count > 0 => StoreAsync(_stores[_random.Next(_stores.Count)].Items, _random.Next(2) == 0),
        8 => StoreTwoAsync(),
        9 or 10 => ReplayAsync(),
        11 => DeleteAsync(),
        12 or 13 => ReadAsync(_day),
        14 => StoreSwitchedOffAsync(),
        15 => StoreUntilDisposedAsync(),
        16 => MeddleAsync(),
        _ => ChangeSurroundingsAsync(),
    };

    private void Break(string claim) => _broken.Add(claim);

    private void Tell(string line) => _story.Add("  " + line);

    private void Expect(bool isTrue, string claim)
    {
        if (!isTrue)
        {
            Break(claim);
        }
    }

    private DigestRepository NewRepository() => new(new OwnClientSource(), () => _options, _log, _clock, _sink);

    private static DigestStoreOptions With(DigestStoreOptions options, Action<DigestStoreOptions> change)
    {
        DigestStoreOptions copy = options.Copy();
        change(copy);
        return copy;
    }

    private void Restart()
    {
        _repository.Dispose();
        _repository = NewRepository();
    }

    // Ends an operation: nothing of it is under way any more, and the table shows what it did.
    private async Task<(ModelDay Before, ModelDay After, IReadOnlyList<ModelRequest> Requests)> EndAsync()
    {
        ModelDay before = _day;
        var requests = new List<ModelRequest>();
        IReadOnlyList<ModelRequest> late = await _proxy.TakeAsync();
        do
        {
            requests.AddRange(late);
            _day = await ModelDay.ReadAsync(_plain, _options.TableName, _options.Digest);
            late = await _proxy.TakeAsync();
        }
        while (late.Count > 0);
        _story.AddRange(requests.Select(request => request.ToString()));
        return (before, _day, requests);
    }

    private Task StoreAsync(IReadOnlyList<ModelItem> items, bool isStream) => StoreGroupAsync(1, isStream, [items]);

    // Two writers, of this process or of two, and a reader.
    private async Task StoreTwoAsync()
    {
        List<ModelItem> first = _input.Next();
        ModelDay before = _day;
        using DigestRepository other = NewRepository();
        Task<string?> reading = ReadBesideAsync(before);
        List<ModelItem> second = _input.Next([.. first.Where(item => item.Defect is null).Select(item => item.Page).DefaultIfEmpty(0).Concat([_random.Next(_profile.Pages)]).Distinct()]);
        await StoreGroupAsync(2, _random.Next(2) == 0, [first, second], _random.Next(2) == 0 ? other : _repository, reading);
    }

    // What a reader sees while others write: each page that was there, in some content that was handed in, or an exception.
    private async Task<string?> ReadBesideAsync(ModelDay before)
    {
        try
        {
            Digest digest = await _repository.GetAsync(ModelDay.Date);
            HashSet<string> read = [.. digest.Select(item => "ITEM#" + item.Id)];
            return before.Records.FirstOrDefault(record => !read.Contains(record.Key)) is { } missing ? $"a reader beside the stores missed '{missing.Title}'" : null;
        }
        catch (DigestStoreException)
        {
            return null;
        }
    }

    private async Task StoreGroupAsync(int count, bool isStream, IReadOnlyList<ModelItem>[] inputs, DigestRepository? other = null, Task<string?>? beside = null)
    {
        _group++;
        int? throwsAt = _random.Next(8) == 0 ? _random.Next(inputs[0].Count + 1) : null;
        int? cancelsAt = _random.Next(8) == 0 ? _proxy.Count + _random.Next(1, 6) : null;
        using var canceling = new CancellationTokenSource();
        _proxy.Arrived = number =>
        {
            if (number == cancelsAt)
            {
                canceling.Cancel();
            }
        };
        var storing = new Task<ModelStore>[count];
        for (int index = 0; index < count; index++)
        {
            // The producer's fault and the token are the first store's.
            storing[index] = CallAsync(index == 0 ? _repository : other!, inputs[index], isStream, index == 0 ? throwsAt : null, _stores.Count + index, index == 0 ? canceling.Token : default);
        }

        ModelStore[] stores = await Task.WhenAll(storing);
        string? seen = beside is null ? null : await beside;
        Expect(seen is null, seen ?? "");
        _proxy.Arrived = static _ => { };
        (ModelDay before, ModelDay after, IReadOnlyList<ModelRequest> requests) = await JudgeAsync(stores);
        _ = (before, after, requests);
    }

    private async Task<ModelStore> CallAsync(DigestRepository repository, IReadOnlyList<ModelItem> items, bool isStream, int? throwsAt, int number, CancellationToken token)
    {
        int sinkFailures = _sink?.Failed ?? 0;
        DigestStoreOptions options = _options;
        DateTimeOffset started = _clock.GetUtcNow();
        long began = Stopwatch.GetTimestamp();
        var call = new StoreCallOptions { CorrelationId = ModelStore.CorrelationIdOf(number) };
        StoreResult result;
        try
        {
            result = isStream
                ? await repository.StoreAsync(ModelDay.Date, StreamAsync(items, throwsAt), call, token)
                : await repository.StoreAsync(ModelDay.Date, Collection(items, throwsAt), call, token);
        }
        catch (DigestStoreCanceledException canceled)
        {
            result = canceled.Result;
        }

        TimeSpan limit = (WorstCase.Time(options, _sink is not null) * (isStream ? items.Count + 2 : 1)) + FaultScenario.Slack;
        Expect(Stopwatch.GetElapsedTime(began) <= limit, $"store {number} took {Stopwatch.GetElapsedTime(began)}, its deadline is {options.Deadline}");
        string id = call.CorrelationId;
        return new ModelStore
        {
            Number = number,
            Group = _group,
            Items = items,
            IsStream = isStream,
            ThrowsAt = throwsAt,
            Options = options,
            Result = result,
            StartedAt = started,
            EndedAt = _clock.GetUtcNow(),
            WasCanceled = token.IsCancellationRequested,
            HadSink = _sink is not null,
            Letters = _sink is null ? [] : [.. _sink.Taken.Where(letter => letter.CorrelationId == id)],
            SinkFailures = (_sink?.Failed ?? 0) - sinkFailures,
        };
    }

    private async Task<(ModelDay Before, ModelDay After, IReadOnlyList<ModelRequest> Requests)> JudgeAsync(params ModelStore[] stores)
    {
        foreach (ModelStore store in stores)
        {
            Tell($"{store}: {store.Result}; outcomes {string.Join(' ', store.Result.Outcomes.Select((outcome, index) => $"{index}:{outcome}{(store.ReasonOf(index) is { } reason ? "/" + reason : "")}"))}");
        }

        (ModelDay before, ModelDay after, IReadOnlyList<ModelRequest> requests) = await EndAsync();

        // A request that was begun after a call had returned is in no result. Beside two stores there is a reader.
        int counted = stores.Sum(store => store.Result.Requests);
        Expect(requests.Count <= counted || stores.Length > 1, $"{requests.Count} requests arrived, the result counts {counted}");
        foreach (ModelStore store in stores)
        {
            new StoreClaims(store, before, after, requests, [.. stores.Where(other => other != store).SelectMany(other => other.Items)], Break).Check();
            Expected(store);
        }

        foreach (ModelRecord record in after.Records.Where(record => !before.ByKey.TryGetValue(record.Key, out ModelRecord? old) || old.Content != record.Content))
        {
            foreach (ModelStore store in stores)
            {
                int index = store.LastIndexOf(record.Content);
                _ages[record.Key] = index >= 0 ? new ModelAge(store.Group, store.Number, index) : _ages.GetValueOrDefault(record.Key);
            }
        }

        _stores.AddRange(stores);
        return (before, after, requests);
    }

    // What is stored, or kept in a letter, must be there in the end.
    private void Expected(ModelStore store)
    {
        for (int index = 0; index < store.Result.Received; index++)
        {
            bool isStored = store.Result.Outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged;
            bool isKept = store.HadSink && !store.Has(StoreProblemReason.DeadLettersNotWritten) && store.Result.Outcomes[index] == DigestItemOutcome.Failed;
            if (store.Items[index].Defect is null && (isStored || isKept) && !_profile.IsPoison(new ModelPut("", store.Items[index].Title, "")))
            {
                _mustBeThere.Add(store.Items[index].Page);
            }
        }
    }

    private static IEnumerable<DigestItem> Collection(IReadOnlyList<ModelItem> items, int? throwsAt)
    {
        IEnumerable<DigestItem> Enumerate()
        {
            for (int index = 0; index <= items.Count; index++)
            {
                if (index == throwsAt)
                {
                    throw new ModelInputException();
                }

                if (index < items.Count)
                {
                    yield return items[index].Item!;
                }
            }
        }

        return throwsAt is null ? [.. items.Select(item => item.Item!)] : Enumerate();
    }

    private static async IAsyncEnumerable<DigestItem> StreamAsync(IReadOnlyList<ModelItem> items, int? throwsAt)
    {
        foreach (DigestItem item in Collection(items, throwsAt))
        {
            await Task.Yield();
            yield return item;
        }
    }

    private async Task ReplayAsync()
    {
        if (_sink is null)
        {
            return;
        }

        IReadOnlyList<ModelLetter> before = Letters();
        DeadLetterReplayResult? result = null;
        try
        {
            result = await new DeadLetterReplay(_repository, _files).RunAsync();
        }
        catch (DigestStoreException exception)
        {
            Expect(false, $"a replay threw {exception}");
        }

        IReadOnlyList<ModelLetter> after = Letters();
        Tell($"replay of [{string.Join(", ", before.Select(letter => letter.Letter.Item.Title))}]: {result}; kept [{string.Join(", ", after.Select(letter => $"{letter.Letter.Item.Title} {letter.Letter.Reason}"))}]");
        (ModelDay dayBefore, ModelDay dayAfter, _) = await EndAsync();
        ReplayClaims.Check(result, before, after, dayBefore, dayAfter, _ages, _options.Identity.DropWww, Break);
        foreach (ModelRecord record in dayAfter.Records.Where(record => !dayBefore.ByKey.TryGetValue(record.Key, out ModelRecord? old) || old.Content != record.Content))
        {
            _ages[record.Key] = before.LastOrDefault(letter => letter.Content == record.Content)?.Age ?? default;
        }
    }

    // From the files, since they are what a crash would leave.
    private List<ModelLetter> Letters()
    {
        var letters = new List<ModelLetter>();
        foreach (string line in Directory.EnumerateFiles(_letters.FullName, "*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadAllLines))
        {
            DeadLetter letter = LetterJson.TryRead(line)!;
            ModelStore store = _stores.First(store => ModelStore.CorrelationIdOf(store.Number) == letter.CorrelationId);
            int index = store.LastIndexOf(ModelItem.ContentOf(letter.Item));
            letters.Add(new ModelLetter(letter, store.Items[index].PageUnder(_options.Identity.DropWww), store.Items[index].Content, new ModelAge(store.Group, store.Number, index)));
        }

        return letters;
    }

    private async Task DeleteAsync()
    {
        int page = _random.Next(_profile.Pages);
        ModelRecord[] twice = [.. _day.Records.Where(record => _day.ByPage(dropsWww: true)[record.PageUnder(dropsWww: true)].Count() > 1)];
        ModelRecord? record = twice.Length > 0 ? twice[_random.Next(twice.Length)] : _random.Next(3) > 0 && _day.Records.Count > 0 ? _day.Records[_random.Next(_day.Records.Count)] : null;
        string url = record?.Url ?? $"https://example.com/p/{page}";
        string id = record is not null && _random.Next(3) == 0 ? record.Key["ITEM#".Length..] : "";
        bool? isDeleted = null;
        try
        {
            isDeleted = id.Length > 0
                ? await _repository.DeleteAsync(ModelDay.Date, DigestItemId.Parse(id))
                : await _repository.DeleteAsync(ModelDay.Date, url);
        }
        catch (DigestStoreException exception)
        {
            Tell($"delete: {exception.Reason}");
        }

        Tell($"delete {(id.Length > 0 ? id : url)}: {isDeleted}");
        (ModelDay before, ModelDay after, _) = await EndAsync();
        string wanted = record?.PageUnder(_options.Identity.DropWww) ?? ModelItem.PageUnder(page, hasWww: false, _options.Identity.DropWww);
        bool IsMeant(ModelRecord other) => id.Length > 0 ? other.Key == record!.Key : other.PageUnder(_options.Identity.DropWww) == wanted;
        Expect(isDeleted is not true || (before.Records.Any(IsMeant) && !after.Records.Any(IsMeant)), "a delete said true, and the table still has the page, or did not have it");
        Expect(isDeleted is not false || !before.Records.Any(IsMeant), "a delete said false, and the table had the page");
        Expect(before.Records.Where(other => !IsMeant(other)).All(other => after.ByKey.TryGetValue(other.Key, out ModelRecord? left) && left.Raw == other.Raw), "a delete has changed other records");
        if (isDeleted is not false)
        {
            _mustBeThere.Remove(record?.Page ?? page);
        }
    }

    // Exactly the day, or an exception.
    private async Task ReadAsync(ModelDay day)
    {
        ModelRecord[] ordered = [.. day.Records.OrderBy(record => record.Ordinal).ThenBy(record => record.CreatedAt, StringComparer.Ordinal).ThenBy(record => record.Key, StringComparer.Ordinal)];
        try
        {
            Digest digest = await _repository.GetAsync(ModelDay.Date);
            Expect(digest.Unreadable == 0 && digest.Select(TextOf).SequenceEqual(ordered.Select(TextOf)), $"a read has {digest.Count} items, the table {ordered.Length}, or others or in another order");
            var streamed = new List<string>();
            await foreach (StoredDigestItem item in _repository.ReadAsync(ModelDay.Date))
            {
                streamed.Add(TextOf(item));
            }

            Expect(streamed.SequenceEqual(day.Records.Select(TextOf)), $"a read by pages has {streamed.Count} items, the table {day.Records.Count}, or others");
            int page = _random.Next(_profile.Pages);
            StoredDigestItem? found = await _repository.FindAsync(ModelDay.Date, $"http://example.com/p/{page}/{ModelInput.Tracking}");
            ModelRecord[] there = [.. day.ByPage(_options.Identity.DropWww)[ModelItem.PageUnder(page, false, _options.Identity.DropWww)]];
            Expect(found is null ? there.Length == 0 : there.Any(record => TextOf(record) == TextOf(found)), $"find says {(found is null ? "nothing" : "something else")} of page {page}");
            Tell("read, streamed and found");
        }
        catch (DigestStoreException exception)
        {
            Tell($"read: {exception.Reason}");
            Expect(exception.Reason != DigestStoreErrorReason.Disabled, "a read says that the store is off");
        }

        await EndAsync();
    }

    private static string TextOf(StoredDigestItem item) =>
        $"ITEM#{item.Id} {item.Revision} {item.Ordinal} {item.CreatedAt.UtcTicks} {ModelItem.ContentOf(item.Item)}";

    private static string TextOf(ModelRecord record) =>
        $"{record.Key} {record.Revision} {record.Ordinal} {DateTimeOffset.Parse(record.CreatedAt, System.Globalization.CultureInfo.InvariantCulture).UtcTicks} {record.Content}";

    private async Task StoreSwitchedOffAsync()
    {
        _options = With(_options, options => options.Enabled = false);
        await StoreAsync(_input.Next(), _random.Next(2) == 0);
        DigestStoreException off = await Assert.ThrowsAsync<DigestStoreException>(() => _repository.GetAsync(ModelDay.Date));
        Expect(off.Reason == DigestStoreErrorReason.Disabled, $"a read of a store that is off says {off.Reason}");
        _options = With(_options, options => options.Enabled = true);
    }

    private async Task StoreUntilDisposedAsync()
    {
        List<ModelItem> items = _input.Next();
        int disposeAt = _proxy.Count + _random.Next(1, 5);
        int atDispose = int.MaxValue;
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _proxy.Arrived = number =>
        {
            if (number == disposeAt)
            {
                _ = Task.Run(() =>
                {
                    _repository.Dispose();
                    Volatile.Write(ref atDispose, _proxy.Count);
                    disposed.SetResult();
                });
            }
        };
        _group++;
        ModelStore store = await CallAsync(_repository, items, _random.Next(2) == 0, null, _stores.Count, default);
        if (_proxy.Count >= disposeAt)
        {
            await disposed.Task;
        }

        _proxy.Arrived = static _ => { };
        await JudgeAsync(store);
        int late = _proxy.Count - Math.Min(_proxy.Count, atDispose);
        Expect(late <= _options.MaxConcurrency, $"{late} requests arrived after Dispose had returned");
        _repository.Dispose();

        int count = _proxy.Count;
        _group++;
        ModelStore again = await CallAsync(_repository, items, _random.Next(2) == 0, null, _stores.Count, default);
        await JudgeAsync(again);
        Expect(_proxy.Count == count && again.Result.Failed + again.Result.Duplicates + again.Result.Rejected == again.Result.Received, $"a disposed repository has made {_proxy.Count - count} requests: {again.Result}");
        Exception? thrown = await Record.ExceptionAsync(() => _repository.GetAsync(ModelDay.Date));
        Expect(thrown is ObjectDisposedException, $"a read of a disposed repository ended with {thrown?.GetType().Name ?? "an answer"}");
        await EndAsync();
        Restart();
    }

    // Another hand puts an attribute of its own into a record.
    private async Task MeddleAsync()
    {
        if (_day.Records.Count == 0)
        {
            return;
        }

        ModelRecord record = _day.Records[_random.Next(_day.Records.Count)];
        int room = LargeForeign - record.Raw.Length;
        await _plain.UpdateItemAsync(new UpdateItemRequest
        {
            TableName = _options.TableName,
            Key = new() { ["pk"] = new(ModelDay.PartitionOf(_options.Digest)), ["sk"] = new(record.Key) },
            UpdateExpression = "SET #f = :f",
            ExpressionAttributeNames = new() { ["#f"] = "foreign" },
            ExpressionAttributeValues = new() { [":f"] = new(new string('f', _random.Next(4) == 0 ? room : SmallForeign)) },
        });
        Tell($"another hand adds an attribute to '{record.Title}'");
        await EndAsync();
    }

    private Task ChangeSurroundingsAsync()
    {
        if (_random.Next(2) == 0)
        {
            _clock.Offset += TimeSpan.FromMinutes(_random.Next(-10, 11));
            Tell($"the clock is off by {_clock.Offset}");
        }
        else
        {
            Restart();
            Tell("a new process");
        }

        return Task.CompletedTask;
    }

    // Only on a day that has a header: schema.md says that other days are not matched by URL.
    private Task ChangeRulesAsync()
    {
        if (_day.HasHeader || _day.Records.Count == 0)
        {
            _options = With(_options, options => options.Identity.DropWww = !options.Identity.DropWww);
            Tell($"DropWww is {_options.Identity.DropWww}");
        }

        return Task.CompletedTask;
    }

    // All is well again: what was kept is replayed, what was handed in last is handed in again, and then the table is as wanted.
    private async Task HealAsync()
    {
        Tell("healthy from here on");
        _proxy.IsHealthy = true;
        _options = With(_options, options => (options.Deadline, options.ReadDeadline, options.AttemptTimeout, options.MaxAttempts) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30), 10));
        if (_sink is not null)
        {
            _sink.IsHealthy = true;
        }

        Restart();
        await ReplayAsync();
        IReadOnlyList<ModelLetter> kept = _sink is null ? [] : Letters();
        bool isPoisoned = kept.Any(letter => _profile.IsPoison(new ModelPut("", letter.Letter.Item.Title, "")));
        Expect(isPoisoned || kept.Count == 0, $"a healthy replay has kept {kept.Count} letters");
        HashSet<int> there = [.. _day.Records.Select(record => record.Page)];
        int[] lost = [.. _mustBeThere.Where(page => !there.Contains(page))];
        Expect(isPoisoned || lost.Length == 0, $"the pages {string.Join(", ", lost)} were stored or kept, and are lost");

        ModelItem[] again = [.. _stores[^1].Items.Where(item => item.Defect is not null || !_profile.IsPoison(new ModelPut("", item.Title, "")))];
        foreach (DigestItemOutcome[] wanted in (DigestItemOutcome[][])[[DigestItemOutcome.Inserted, DigestItemOutcome.Updated, DigestItemOutcome.Unchanged], [DigestItemOutcome.Unchanged]])
        {
            _group++;
            ModelStore store = await CallAsync(_repository, again, isStream: false, null, _stores.Count, default);
            await JudgeAsync(store);
            DigestItemOutcome[] expected = [.. wanted, DigestItemOutcome.Duplicate, DigestItemOutcome.Rejected];
            Expect(store.Result.Outcomes.All(outcome => expected.Contains(outcome)), $"a healthy store of the same again: {store.Result}");
        }

        await ReadAsync(_day);
        if (!_options.Identity.DropWww)
        {
            await ChangeRulesAsync();
        }

        await DeleteAsync();
        await ReadAsync(_day);
    }
}
