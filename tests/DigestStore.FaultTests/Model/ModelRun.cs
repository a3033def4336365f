using Amazon.DynamoDBv2;
using DigestStore.DynamoDb;

namespace DigestStore.FaultTests;

/// <summary>One schedule: random operations through the proxy, each judged by what the table really has, then a healthy end.</summary>
internal sealed partial class ModelRun : IAsyncDisposable
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

    // Of each revision of a record: when its content was handed in. One that was deleted and is stored again is the same for a letter.
    private readonly Dictionary<(string Key, string Content, int Revision), ModelAge> _ages = [];
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
        _day = await ModelDay.ReadAsync(_plain, _options.TableName, _options.DigestName);
        if (_sink is not null && _random.Next(8) == 0)
        {
            await WriteStrangersAsync();
        }

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

    private DigestRepository NewRepository() =>
        new(new OwnClientSource(), () => _options, new DigestStoreServices { LoggerFactory = _log, TimeProvider = _clock, DeadLetters = _sink });

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
            _day = await ModelDay.ReadAsync(_plain, _options.TableName, _options.DigestName);
            late = await _proxy.TakeAsync();
        }
        while (late.Count > 0);
        _story.AddRange(requests.Select(request => request.ToString()));
        return (before, _day, requests);
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
        List<ModelLetter> kept = _sink is null ? [] : Letters();
        bool isPoisoned = kept.Any(letter => ModelProfile.IsPoison(letter.Letter.Item!.Title));
        Expect(isPoisoned || kept.Count == 0, $"a healthy replay has kept {kept.Count} letters");
        HashSet<int> there = [.. _day.Records.Select(record => record.Page)];
        int[] lost = [.. _mustBeThere.Where(page => !there.Contains(page))];
        Expect(isPoisoned || lost.Length == 0, $"the pages {string.Join(", ", lost)} were stored or kept, and are lost");

        ModelItem[] again = [.. _stores[^1].Items.Where(item => item.Defect is not null || !ModelProfile.IsPoison(item.Title))];
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
