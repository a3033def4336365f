using DigestStore.Table;

namespace DigestStore.UnitTests.History;

public sealed class CanceledHistoryTests
{
    private readonly TableDouble _table = new();

    public static TheoryData<string> Calls { get; } = ["find sent", "except recently sent", "list", "list by status", "read days", "find all", "statistics", "delete day"];

    // The caller's token fires while a request is under way, which then fails.
    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_that_is_canceled_under_way_ends_with_that_and_sends_nothing_more(string name)
    {
        using var source = new CancellationTokenSource();
        var failed = new TableFault(FaultKind.Unavailable, "InternalServerError", 500);
        int after = 0;
        _table.OnQuery = _ => CancelOrCount() ? Task.FromResult(new PageReply { Fault = failed }) : null;
        _table.OnLookup = request => CancelOrCount() ? Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Fault = failed }) : null;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CallAsync(name, source.Token, CancellationToken.None));

        // Days are requested four at a time, so three more may be under way.
        Assert.InRange(after, 0, name is "read days" or "statistics" ? 3 : 0);

        bool CancelOrCount()
        {
            after += source.IsCancellationRequested ? 1 : 0;
            source.Cancel();
            return true;
        }
    }

    [Theory]
    [InlineData("list")]
    [InlineData("list by status")]
    [InlineData("read days")]
    [InlineData("find all")]
    public async Task The_token_of_the_enumeration_is_heeded_too(string name)
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CallAsync(name, CancellationToken.None, source.Token));
        Assert.Equal(0, _table.Requests);
    }

    private Task CallAsync(string name, CancellationToken call, CancellationToken enumeration)
    {
        DigestRepository history = Some.Repository(_table);
        (DateOnly from, DateOnly to) = (Some.Date.AddDays(-300), Some.Date);
        return name switch
        {
            "find sent" => history.FindSentAsync(Some.Date, [Some.Item().Url], 30, call),
            "except recently sent" => history.ExceptRecentlySentAsync(Some.Items(3), Some.Date, 30, call),
            "list" => ToEndAsync(history.ListDaysAsync(from, to, call)),
            "list by status" => ToEndAsync(history.ListDaysAsync(DeliveryStatus.Pending, call)),
            "read days" => ToEndAsync(history.ReadDaysAsync(from, to, call)),
            "find all" => ToEndAsync(history.FindAllAsync(Some.Item().Url, from, to, call)),
            "statistics" => history.GetStatisticsAsync(from, to, call),
            _ => history.DeleteDayAsync(Some.Date, call),
        };

        async Task ToEndAsync<T>(IAsyncEnumerable<T> elements)
        {
            await foreach (T _ in elements.WithCancellation(enumeration))
            {
            }
        }
    }
}
