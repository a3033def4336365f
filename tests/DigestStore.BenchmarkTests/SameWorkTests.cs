using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.BenchmarkTests;

public sealed class SameWorkTests
{
    [Fact]
    public async Task The_peers_that_do_the_same_work_pass_the_check_and_one_that_does_less_does_not()
    {
        await using StubProcess stub = await StubProcess.StartAsync();
        var dates = new Dates();
        SameWorkPeer[] peers = AllPeers.SameWork(stub.Url);
        string line = await SameWorkCheck.RunAsync(stub, dates, [.. peers.Select(peer => ((IStorePeer)peer, peer.Digest))]);
        Assert.All(peers, peer => Assert.Contains(peer.Name, line, StringComparison.Ordinal));

        using var less = new BatchPeer(stub.Url, 8);
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => SameWorkCheck.RunAsync(stub, dates, [(less, "batch-8")]));
        Assert.Contains("1 Query, 8 BatchWriteItem, 1 UpdateItem", refused.Message, StringComparison.Ordinal);
        Array.ForEach(peers, static peer => peer.Dispose());
    }
}
