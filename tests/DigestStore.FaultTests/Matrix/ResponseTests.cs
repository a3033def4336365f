using System.Text;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ResponseTests
{
    [Fact]
    [FaultRow(35, "The answer's checksum is wrong, once or always, or is missing", "Retried, then failed; a missing one is accepted.")]
    public async Task A_wrong_checksum_costs_a_retry()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.WrongChecksum()).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(1, result.Cost.Retries);
        Assert.Equal(2, scenario.Server.Requests.CountOf("BatchWriteItem"));
    }

    [Fact]
    public async Task A_checksum_that_is_always_wrong_fails_the_items()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.WrongChecksum());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(3, scenario.Server.Requests.CountOf("BatchWriteItem"));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.OutcomeUnknown, problem.Reason));
    }

    // The library reads pages itself, and so looks at their checksums itself.
    [Fact]
    public async Task A_wrong_checksum_of_a_page_costs_a_retry_or_the_read()
    {
        await using var scenario = FaultScenario.Start();
        await scenario.StoreAsync(FaultScenario.Items(25));
        scenario.Server.On("Query").Answer(Fault.WrongChecksum()).Once();

        Assert.Equal(25, (await scenario.Repository.GetAsync(FaultScenario.Date, TestContext.Current.CancellationToken)).Count);
        Assert.Equal(2, scenario.Server.Requests.CountOf("Query"));

        scenario.Server.On("Query").Answer(Fault.WrongChecksum());
        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, TestContext.Current.CancellationToken));

        Assert.Equal(DigestStoreErrorReason.Unavailable, failure.Reason);
        Assert.Equal(5, scenario.Server.Requests.CountOf("Query"));
    }

    [Fact]
    [FaultRow(46, "A 200 with wrong types, deep nesting, a bad chunk or a false encoding", "No crash; a success only if the data is there.")]
    public async Task An_answer_that_calls_itself_gzip_and_is_plain_is_read_for_what_it_is()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.OnAny().Answer(Fault.Headers(("Content-Encoding", "gzip")));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(30, scenario.ServerItems().Count);
    }

    [Fact]
    public async Task A_missing_checksum_is_accepted()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.OnAny().Answer(Fault.NoChecksumHeader());

        Assert.Equal(StoreStatus.Stored, (await scenario.StoreAsync(FaultScenario.Items(25))).Status);
        Assert.Equal(3, scenario.Server.Requests.Count);
    }

    [Theory]
    [InlineData("truncated JSON")]
    [InlineData("empty 200")]
    [InlineData("captive portal")]
    [FaultRow(45, "Truncated JSON, an empty 200, or a page of HTML with status 200", "A failure, never a success.")]
    [InlineData("wrong types")]
    [InlineData("deep nesting")]
    [InlineData("a JSON array")]
    [InlineData("an empty object")]
    [InlineData("bad chunk")]
    [FaultRow(46, "A 200 with wrong types, deep nesting, a bad chunk or a false encoding", "No crash; a success only if the data is there.")]
    [InlineData("garbage")]
    [FaultRow(47, "A garbled status line; bytes after the answer", "A failure; the next call is unharmed.")]
    public async Task An_answer_that_makes_no_sense_is_a_failure_and_the_next_call_is_unharmed(string answer)
    {
        foreach (string operation in new[] { "BatchGetItem", "BatchWriteItem" })
        {
            await using var scenario = FaultScenario.Start();
            scenario.Server.On(operation).Answer(Of(answer));

            StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

            Assert.True(result.Status == StoreStatus.Failed, $"{answer} to {operation}: {result.Status}");
            Assert.Equal(3, scenario.Server.Requests.CountOf(operation));
            Assert.Equal(0, scenario.Server.Requests.CountOf("UpdateItem"));
            StoreProblemReason expected = operation == "BatchGetItem" ? StoreProblemReason.CompareUnavailable : StoreProblemReason.OutcomeUnknown;
            Assert.All(result.Problems, problem => Assert.Equal(expected, problem.Reason));

            scenario.Server.ClearRules();
            Assert.Equal(StoreStatus.Stored, (await scenario.StoreAsync(FaultScenario.Items(25))).Status);
        }
    }

    [Theory]
    [InlineData("truncated JSON")]
    [InlineData("empty 200")]
    [InlineData("captive portal")]
    [InlineData("wrong types")]
    [InlineData("deep nesting")]
    [InlineData("an empty object")]
    [InlineData("bad chunk")]
    [InlineData("garbage")]
    public async Task A_page_that_makes_no_sense_lets_nothing_be_written_over_blindly(string answer)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("Query").Answer(Of(answer));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(3, scenario.Server.Requests.Count);
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.CompareUnavailable, problem.Reason));
    }

    [Theory]
    [InlineData("captive portal")]
    [InlineData("empty 200")]
    [InlineData("an empty object")]
    [FaultRow(45, "The header's update is answered with an empty 200, a bare {} or HTML", "The items are stored; the header is not claimed to be written.")]
    public async Task A_header_whose_answer_makes_no_sense_leaves_the_items_stored(string answer)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("UpdateItem").Answer(Of(answer));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(StoreProblemReason.HeaderNotWritten, Assert.Single(result.Problems).Reason);
        Assert.Equal(3, scenario.Server.Requests.CountOf("UpdateItem"));
    }

    [Fact]
    [FaultRow(45, "A day is read, and the answer is a bare {}", "The read throws: it is no empty digest.")]
    public async Task A_bare_object_is_no_empty_digest()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("Query").Answer(Fault.Json("{}"));

        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, TestContext.Current.CancellationToken));

        Assert.Equal(DigestStoreErrorReason.InvalidResponse, failure.Reason);
    }

    [Fact]
    public async Task Bytes_after_an_answer_harm_neither_it_nor_the_next_call()
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        scenario.Server.On("BatchWriteItem").Answer(Fault.TrailingBytes());

        Assert.Equal(StoreStatus.Stored, (await scenario.StoreAsync(FaultScenario.Items(100))).Status);
        Assert.Equal(StoreStatus.Stored, (await scenario.StoreAsync(FaultScenario.Items(100, from: 100))).Status);
        Assert.Equal(200, scenario.ServerItems().Count);
    }

    private static Fault Of(string answer) => answer switch
    {
        "truncated JSON" => Fault.Raw(Http("{\"UnprocessedItems\":{\"dig")),
        "empty 200" => Fault.Empty200(),
        "captive portal" => Fault.Status(200, "<html><body>Please sign in</body></html>"),
        "wrong types" => Fault.Json("{\"UnprocessedItems\":[1,\"x\"],\"Responses\":7,\"Items\":\"none\",\"ConsumedCapacity\":true}"),
        "deep nesting" => Fault.Json(Nested()),
        "a JSON array" => Fault.Json("[]"),
        "an empty object" => Fault.Json("{}"),
        "bad chunk" => Fault.BadChunk(),
        _ => Fault.Garbage(),
    };

    private static string Nested()
    {
        string open = string.Concat(Enumerable.Repeat("{\"M\":{\"a\":", 200));
        return $"{{\"UnprocessedItems\":{{\"digests\":[{{\"PutRequest\":{{\"Item\":{{\"pk\":{open}1{new string('}', 400)}}}}}}}]}},\"Items\":[{{\"pk\":{open}1{new string('}', 400)}}}],\"Responses\":{{\"digests\":[{{\"pk\":{open}1{new string('}', 400)}}}]}}}}";
    }

    private static byte[] Http(string body) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
