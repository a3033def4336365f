namespace DigestStore.FaultTests;

// The operations that store.
internal sealed partial class ModelRun
{
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
        await JudgeAsync(stores);
    }

    private async Task<ModelStore> CallAsync(DigestRepository repository, IReadOnlyList<ModelItem> items, bool isStream, int? throwsAt, int number, CancellationToken token)
    {
        int sinkFailures = _sink?.Failed ?? 0;
        DigestStoreOptions options = _options;
        DateTimeOffset started = _clock.GetUtcNow();
        RealTime time = RealTime.Start();
        bool isLazy = throwsAt is not null || (number + _profile.Seed) % 8 == 0;
        var call = new StoreCallOptions { CorrelationId = ModelStore.CorrelationIdOf(number) };
        StoreResult result;
        try
        {
            result = isStream
                ? await repository.StoreAsync(ModelDay.Date, StreamAsync(new ModelSequence(items, throwsAt, throwsAtEnd: false)), call, token)
                : await repository.StoreAsync(ModelDay.Date, isLazy ? new ModelSequence(items, throwsAt, throwsAtEnd: true) : items.Select(item => item.Item!).ToArray(), call, token);
        }
        catch (DigestStoreCanceledException canceled)
        {
            result = canceled.Result;
        }

        // A stream has its deadline anew with every progress.
        time.AssertWithin(WorstCase.Time(options, _sink is not null) * (isStream ? items.Count + 2 : 1));
        string id = call.CorrelationId!;
        return new ModelStore
        {
            Number = number,
            Group = _group,
            Items = items,
            IsStream = isStream,
            ThrowsAt = throwsAt,
            IsLazy = isLazy,
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

    private async Task JudgeAsync(params ModelStore[] stores)
    {
        foreach (ModelStore store in stores)
        {
            Tell($"{store}: {store.Result}; outcomes {string.Join(' ', store.Result.Outcomes.Select((outcome, index) => $"{index}:{outcome}{(store.ReasonOf(index) is { } reason ? "/" + reason : "")}"))}");
        }

        (ModelDay before, ModelDay after, IReadOnlyList<ModelRequest> requests) = await EndAsync();

        // A request that was begun after a call had returned is in no result. Beside two stores there is a reader.
        int counted = stores.Sum(store => store.Result.Cost.Requests);
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
                if (store.LastIndexOf(record.Content) is >= 0 and int index)
                {
                    _ages.TryAdd((record.Key, record.Content, record.Revision), new ModelAge(store.Group, store.Number, index));
                }
            }
        }

        _stores.AddRange(stores);
    }

    // What is stored, or kept in a letter, must be there in the end.
    private void Expected(ModelStore store)
    {
        for (int index = 0; index < store.Result.Received; index++)
        {
            bool isStored = store.Result.Outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged;
            bool isKept = store.HadSink && !store.Has(StoreProblemReason.DeadLettersNotWritten) && store.Result.Outcomes[index] == DigestItemOutcome.Failed;
            if (store.Items[index].Defect is null && (isStored || isKept) && !ModelProfile.IsPoison(store.Items[index].Title))
            {
                _mustBeThere.Add(store.Items[index].Page);
            }
        }
    }

    private static async IAsyncEnumerable<DigestItem> StreamAsync(ModelSequence items)
    {
        foreach (DigestItem item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }

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
        bool isTold = Enumerable.Range(0, again.Result.Received).All(index => again.Result.Outcomes[index] != DigestItemOutcome.Failed || again.ReasonOf(index) == StoreProblemReason.Disposed);
        Expect(_proxy.Count == count && isTold && again.Result.Failed + again.Result.Duplicates + again.Result.Rejected == again.Result.Received, $"a disposed repository has made {_proxy.Count - count} requests: {again.Result}");
        Exception? thrown = await Record.ExceptionAsync(() => _repository.GetAsync(ModelDay.Date));
        Expect(thrown is ObjectDisposedException, $"a read of a disposed repository ended with {thrown?.GetType().Name ?? "an answer"}");
        await EndAsync();
        Restart();
    }
}
