using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using DigestStore.DeadLetters;

namespace DigestStore.FaultTests;

// The operations that replay, delete and read, and what happens around them.
internal sealed partial class ModelRun
{
    private const string StrangerMark = "a stranger";

    private async Task ReplayAsync()
    {
        if (_sink is null)
        {
            return;
        }

        List<ModelLetter> before = Letters();
        int strangers = LetterLines().Count() - before.Count;
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
        Tell($"replay of [{string.Join(", ", before.Select(letter => letter.Letter.Item!.Title))}]: {result}; kept [{string.Join(", ", after.Select(letter => $"{letter.Letter.Item!.Title} {letter.Letter.Reason}"))}]");
        (ModelDay dayBefore, ModelDay dayAfter, _) = await EndAsync();
        ReplayClaims.Check(result, before, after, dayBefore, dayAfter, _ages, _options.Identity.DropWww, Break);
        Expect(strangers == LetterLines().Count(line => line.Contains(StrangerMark, StringComparison.Ordinal)), "a letter of another table or digest is gone");
        foreach (ModelRecord record in dayAfter.Records.Where(record => !dayBefore.ByKey.TryGetValue(record.Key, out ModelRecord? old) || old.Content != record.Content))
        {
            _ages.TryAdd((record.Key, record.Content, record.Revision), before.Where(letter => letter.Content == record.Content).MaxBy(letter => letter.Age.Group)?.Age ?? default);
        }
    }

    // Letters that are not for this table and digest, where this table's are: one of another digest, one that somebody has put there.
    private async Task WriteStrangersAsync()
    {
        var letter = new DeadLetter
        {
            Item = new DigestItem { Url = "https://example.com/p/0", Title = StrangerMark },
            Table = _options.TableName,
            Digest = "other",
            Date = ModelDay.Date,
            Ordinal = 0,
            IdRules = "1",
            StoreStartedAt = _clock.GetUtcNow(),
            Reason = StoreProblemReason.Unavailable,
        };
        await _files.WriteAsync([letter, letter with { Table = "elsewhere", Digest = _options.DigestName }]);
        string here = Path.Combine(_letters.FullName, _options.TableName);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_letters.FullName, "elsewhere")))
        {
            File.Move(file, Path.Combine(here, Path.GetFileName(file)));
        }
    }

    private IEnumerable<string> LetterLines() => Directory.EnumerateFiles(_letters.FullName, "*", SearchOption.AllDirectories).SelectMany(File.ReadAllLines);

    // From the files, since they are what a crash would leave.
    private List<ModelLetter> Letters()
    {
        var letters = new List<ModelLetter>();
        foreach (string line in LetterLines().Where(line => !line.Contains(StrangerMark, StringComparison.Ordinal)))
        {
            DeadLetter letter = LetterJson.TryRead(Encoding.UTF8.GetBytes(line))!;
            ModelStore store = _stores.First(store => ModelStore.CorrelationIdOf(store.Number) == letter.CorrelationId);
            int index = store.LastIndexOf(ModelItem.ContentOf(letter.Item!));
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
            Expect(!_proxy.IsHealthy, $"a delete threw {exception}");
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
            Expect(!_proxy.IsHealthy && exception.Reason != DigestStoreErrorReason.Disabled, $"a read threw {exception}");
        }

        await EndAsync();
    }

    private static string TextOf(StoredDigestItem item) =>
        $"ITEM#{item.Id} {item.Revision} {item.Ordinal} {item.CreatedAt.UtcTicks} {ModelItem.ContentOf(item.Item)}";

    private static string TextOf(ModelRecord record) =>
        $"{record.Key} {record.Revision} {record.Ordinal} {DateTimeOffset.Parse(record.CreatedAt, CultureInfo.InvariantCulture).UtcTicks} {record.Content}";

    // Another hand puts an attribute of its own into a record.
    private async Task MeddleAsync()
    {
        if (_day.Records.Count == 0)
        {
            return;
        }

        ModelRecord record = _day.Records[_random.Next(_day.Records.Count)];
        int room = Math.Max(SmallForeign, LargeForeign - record.Raw.Length);
        await _plain.UpdateItemAsync(new UpdateItemRequest
        {
            TableName = _options.TableName,
            Key = new() { ["pk"] = new(ModelDay.PartitionOf(_options.DigestName)), ["sk"] = new(record.Key) },
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
}
