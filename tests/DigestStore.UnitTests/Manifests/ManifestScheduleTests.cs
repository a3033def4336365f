using DigestStore.Calls;
using DigestStore.Manifests;
using DigestStore.Table;

namespace DigestStore.UnitTests.Manifests;

// Senders one after the other, each with a larger fence, whose requests arrive late, twice or never.
public sealed class ManifestScheduleTests
{
    private const int Schedules = 2_000;

    [Fact]
    public async Task Nothing_that_may_have_been_sent_is_ever_forgotten()
    {
        for (int seed = 0; seed < Schedules; seed++)
        {
            await RunAsync(new Random(seed), $"seed {seed}");
        }
    }

    private static async Task RunAsync(Random random, string name)
    {
        var table = new TableDouble();
        using CallScope scope = Some.Scope(deadline: TimeSpan.FromHours(1));
        var manifests = new ManifestTable(Some.Gateway(table, scope, static options => options.MaxAttempts = 1), Some.Settings());
        var late = new List<Func<Task>>();
        var maySent = new HashSet<DigestItemId>();
        int next = 0;
        for (long fence = 1; fence <= 4; fence++)
        {
            Manifest? seen = (await manifests.ReadAsync(Some.Date)).Manifest;
            await RunLateAsync(random, late);
            DigestItemId[] ids = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Some.Id(random.Next(2) == 0 ? next++ : random.Next(next + 1)))];
            (long mine, Manifest? read) = (fence, seen);
            ManifestReply announced = await DoAsync(random, late, () => manifests.AnnounceAsync(Some.Date, mine, "m", ids, read));
            if (announced.Outcome != ManifestOutcome.Applied)
            {
                continue;
            }

            await RunLateAsync(random, late);
            switch (random.Next(4))
            {
                case 0:
                    await DoAsync(random, late, () => manifests.ClearAsync(Some.Date, mine));
                    continue;
                case 1:
                    maySent.UnionWith(ids);
                    await DoAsync(random, late, () => manifests.ConfirmAsync(Some.Date, mine, "m"));
                    break;
                case 2 when announced.Manifest is { } manifest:
                    maySent.UnionWith(ids);
                    fence++;
                    (long closing, Manifest last) = (fence, manifest);
                    await DoAsync(random, late, () => manifests.CloseAsync(Some.Date, closing, last, ManifestState.Deleted));
                    break;
                default:
                    maySent.UnionWith(ids);
                    break;
            }
        }

        await RunLateAsync(random, late, all: true);
        Manifest? end = (await manifests.ReadAsync(Some.Date)).Manifest;
        HashSet<DigestItemId> known = end is null ? [] : [.. end.Ids, .. end.PriorIds];
        Assert.True(maySent.IsSubsetOf(known), $"{name}: {maySent.Except(known).Count()} ids are forgotten.");
    }

    // The change is made, or made and not answered, or lost, or it arrives later and perhaps once more.
    private static async Task<ManifestReply> DoAsync(Random random, List<Func<Task>> late, Func<Task<ManifestReply>> change)
    {
        switch (random.Next(6))
        {
            case 0:
                return ManifestReply.Failed(Some.Fault(FaultKind.TimedOut), "UpdateItem");
            case 1:
                late.Add(change);
                return ManifestReply.Failed(Some.Fault(FaultKind.TimedOut), "UpdateItem");
            case 2:
                late.Add(change);
                return await change();
            default:
                return await change();
        }
    }

    private static async Task RunLateAsync(Random random, List<Func<Task>> late, bool all = false)
    {
        foreach (Func<Task> change in late.ToArray())
        {
            if (all || random.Next(2) == 0)
            {
                late.Remove(change);
                await change();
            }
        }
    }
}
