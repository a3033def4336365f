using DigestStore.FaultTests.Child;

namespace DigestStore.FaultTests;

/// <summary>What a day's deliveries must have left in the file.</summary>
internal sealed class FileSends(int day, FileClaims claims)
{
    // What a sender may be told while nothing is wrong with the file.
    private static readonly string[] Outcomes =
        [nameof(DeliveryOutcome.Delivered), nameof(DeliveryOutcome.AlreadyDelivered), nameof(DeliveryOutcome.HeldByAnother), nameof(DeliveryOutcome.Failed), nameof(DeliveryOutcome.Uncertain)];

    private readonly List<FileMail> _mails = [];
    private readonly List<FileEvent> _announced = [];
    private readonly List<FileEvent> _lettered = [];
    private FileEvent? _delivered;
    private FileEvent? _ended;
    private long _fence;

    public bool HasLetters => _lettered.Count > 0;

    public void Take(FileMail mail) => _mails.Add(mail);

    public void Grant(FileEvent granted) => _fence = Math.Max(_fence, granted.Fence);

    public void Announce(FileEvent announced)
    {
        claims.Expect(announced.Outcome == nameof(DeliveryChangeOutcome.Recorded), $"an announcement was not recorded: {announced}");
        _announced.Add(announced);
    }

    public void End(FileEvent ended)
    {
        claims.Expect(Outcomes.Contains(ended.Outcome, StringComparer.Ordinal), $"a delivery ended otherwise: {ended}");
        if (ended.Outcome is nameof(DeliveryOutcome.AlreadyDelivered) or nameof(DeliveryOutcome.HeldByAnother))
        {
            return;
        }

        claims.Expect(ended.Fence > 0, $"a delivery had no lease: {ended}");
        _fence = Math.Max(_fence, ended.Fence);
        _ended = ended.Fence >= (_ended?.Fence ?? 0) ? ended : _ended;
        if (ended.Outcome == nameof(DeliveryOutcome.Delivered))
        {
            claims.Expect(_delivered is null, $"two deliveries of one day are recorded: {_delivered} and {ended}");
            _delivered = ended;
        }
    }

    public void KeepLetter(FileEvent lettered)
    {
        claims.Expect(lettered.Outcome == "All", $"the sink did not take a delivery: {lettered}");
        _lettered.Add(lettered);
    }

    public async Task CheckAsync(DigestRepositoryBase repository, IReadOnlySet<string> letters)
    {
        JudgeMails();
        await JudgeStatusAsync(repository);
        await JudgeHistoryAsync(repository, letters);
    }

    // Whoever sends after an email that may be out knows it, and has the same id for it.
    private void JudgeMails()
    {
        FileMail[] mails = [.. _mails.Where(static mail => mail.Fence > 0)];
        foreach ((FileMail first, FileMail second) in mails.Zip(mails.Skip(1)))
        {
            claims.Expect(second.Fence > first.Fence, $"an email has a fence that is not larger than that of the one before: {first} and {second}");
            claims.Expect(second.IsRepeat, $"an email repeats another, and its sender was not told: {first} and {second}");
            claims.Expect(second.MessageId == first.MessageId, $"two emails of one day have different ids: {first} and {second}");
        }

        claims.Expect(_delivered is null || mails.All(mail => mail.Fence <= _delivered.Fence), $"an email went out after the day was recorded as delivered: {_delivered}");
    }

    private async Task JudgeStatusAsync(DigestRepositoryBase repository)
    {
        DeliveryState? state = await repository.GetDeliveryAsync(FileRange.DateOf(day));
        claims.Expect((state?.Fence ?? 0) >= _fence, $"day {day} has the fence {state?.Fence}, and {_fence} was granted");
        claims.Expect(_fence == 0 || state is { Status: not DeliveryStatus.Pending }, $"day {day} was acquired, and is {state?.Status}");
        if (_delivered is not null)
        {
            claims.Expect(state is { Status: DeliveryStatus.Delivered } && state.Fence == _delivered.Fence, $"day {day} was delivered, and is {state}: {_delivered}");
        }
        else if (_ended is not null && state?.Fence == _ended.Fence)
        {
            claims.Expect(state.Status == DeliveryStatus.Failed, $"day {day} has failed, and is {state}: {_ended}");
        }
    }

    private async Task JudgeHistoryAsync(DigestRepositoryBase repository, IReadOnlySet<string> letters)
    {
        HashSet<string> wanted =
        [
            .. _mails.Where(static mail => mail.Fence > 0).SelectMany(static mail => mail.Range.Urls),
            .. _announced.SelectMany(static announced => announced.Range.Urls),
            .. _lettered.SelectMany(static lettered => lettered.Range.Urls).Where(url => !letters.Contains(url)),
        ];
        string[] all = [.. wanted.Union(_mails.SelectMany(static mail => mail.Range.Urls), StringComparer.Ordinal)];
        SentLookup lookup = await repository.FindSentAsync(FileRange.DateOf(day + 1), all, days: 1);
        string[] missing = [.. wanted.Where(url => !lookup.Contains(url))];
        claims.Expect(missing.Length == 0, $"day {day}: announced or mailed, and forgotten: {string.Join(", ", missing)}");
        HashSet<string> mailed = [.. _mails.SelectMany(static mail => mail.Range.Urls)];
        string[] invented = [.. lookup.Sent.Where(sent => sent.Value.IsCertain && !mailed.Contains(sent.Key)).Select(static sent => sent.Key)];
        claims.Expect(invented.Length == 0, $"day {day}: certainly sent, and in no email: {string.Join(", ", invented)}");
    }
}
