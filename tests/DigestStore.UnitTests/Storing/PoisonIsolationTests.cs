using DigestStore.Storing;
using DigestStore.Table;

namespace DigestStore.UnitTests.Storing;

public sealed class PoisonIsolationTests
{
    private readonly PoisonIsolation _isolation = new();
    private readonly List<PendingItem> _sent = [];
    private readonly List<PendingItem> _returned = [];
    private readonly List<WriteReply> _permanent = [];
    private int _requests;
    private bool _isStopped;

    [Fact]
    public async Task Poison_items_are_found_and_their_neighbours_stored()
    {
        List<PendingItem> items = Items(25);

        PoisonIsolation.Found found = await BisectAsync(items, part => part.Exists(item => item.Index is 3 or 20) ? Some.Fault(FaultKind.Invalid) : null);

        Assert.Equal([3, 20], found.Poison.Select(item => item.Index));
        Assert.Empty(found.NotIsolated);
        Assert.Equal(items.Except(found.Poison), _sent);
        Assert.InRange(_requests, 2, (2 * 2 * 5) + 2);
    }

    [Fact]
    public async Task A_single_item_is_the_culprit_without_another_request()
    {
        PoisonIsolation.Found found = await BisectAsync(Items(1), static _ => null);

        Assert.Equal((1, 0), (found.Poison.Count, _requests));
    }

    [Fact]
    public async Task What_is_left_after_a_hundred_requests_over_all_batches_is_not_isolated()
    {
        int poison = 0;
        int left = 0;
        for (int round = 0; round < 5; round++)
        {
            PoisonIsolation.Found found = await BisectAsync(Items(25), static _ => Some.Fault(FaultKind.Invalid));
            poison += found.Poison.Count;
            left += found.NotIsolated.Count;
        }

        Assert.Equal((100, 5 * 25), (_requests, poison + left));
        Assert.InRange(left, 2 * 25, 3 * 25);
    }

    [Fact]
    public async Task A_permanent_fault_gives_the_rest_back()
    {
        List<PendingItem> items = Items(8);

        PoisonIsolation.Found found = await BisectAsync(items, static _ => Some.Fault(FaultKind.AccessDenied));

        Assert.Equal((1, 1, 0), (_requests, _permanent.Count, found.Poison.Count + found.NotIsolated.Count));
        Assert.Equal(items.Skip(4), _returned);
    }

    [Fact]
    public async Task A_store_that_stops_meanwhile_gets_its_items_back()
    {
        List<PendingItem> items = Items(8);

        await BisectAsync(items, _ =>
        {
            _isStopped = true;
            return null;
        });

        Assert.Equal(1, _requests);
        Assert.Equal(items, _sent.Concat(_returned));
    }

    private static List<PendingItem> Items(int count) => [.. Enumerable.Range(0, count).Select(static number => Some.Pending(number))];

    private Task<PoisonIsolation.Found> BisectAsync(List<PendingItem> refused, Func<List<PendingItem>, TableFault?> answer) => _isolation.BisectAsync(
        refused,
        () => _isStopped,
        part =>
        {
            _requests++;
            TableFault? fault = answer(part);
            if (fault is null)
            {
                _sent.AddRange(part);
            }

            return Task.FromResult(new WriteReply { Sent = part.Count, Fault = fault });
        },
        _returned.AddRange,
        _permanent.Add);
}
