using System.Text.Json.Nodes;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ContentSafetyTests
{
    [Theory]
    [InlineData("BatchWriteItem", "ValidationException")]
    [InlineData("BatchWriteItem", "AccessDeniedException")]
    [InlineData("BatchWriteItem", "SomethingNew")]
    [InlineData("BatchGetItem", "ValidationException")]
    [InlineData("UpdateItem", "ValidationException")]
    [FaultRow(86, "The text of an error echoes titles, URLs and credentials", "None of it reaches a log, a result or an exception.")]
    public async Task An_error_that_echoes_content_is_told_without_it(string operation, string code)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On(operation).Answer(request => Fault.Error(code, $"Item {request.Body.ToJsonString()} {request.Headers.GetValueOrDefault("Authorization")} {FaultScenario.SecretMarker}"));

        // The oracle looks into every log entry and problem.
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(10));

        if (result.Status != StoreStatus.Stored)
        {
            DigestStoreException failure = Assert.Throws<DigestStoreException>(result.EnsureStored);
            AssertSilent(failure.ToString());
        }

        Assert.All(scenario.Log.Entries, entry => AssertSilent(entry.Message));
    }

    [Theory]
    [InlineData("ValidationException")]
    [InlineData("InternalServerError")]
    [FaultRow(86, "The text of a failed read echoes content", "Neither the exception nor the log has it.")]
    public async Task A_failed_read_is_told_without_content(string code)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.OnAny().Answer(Fault.Error(code, $"{FaultScenario.SecretMarker} AKIASECRET"));

        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, TestContext.Current.CancellationToken));

        AssertSilent(failure.ToString());
        Assert.Null(failure.InnerException);
        Assert.All(scenario.Log.Entries, entry => AssertSilent(entry.Message));
    }

    [Theory]
    [InlineData("Evil\r\n2026-11-21 CRIT forged line \u001b[31m s3cr3t title")]
    [FaultRow(86, "An error code is made of content and control characters", "It is told only if it looks like a code; otherwise the type of the error is.")]
    public async Task An_error_code_is_no_way_into_the_log(string code)
    {
        await using var scenario = FaultScenario.Start();
        var body = new JsonObject { ["__type"] = code, ["message"] = "x" };
        scenario.Server.OnAny().Answer(Fault.Custom((exchange, stop) => exchange.SendAsync(Reply.Of(400, body), stop)));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(10));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.All(scenario.Log.Entries, entry => Assert.DoesNotContain(entry.Message, char.IsControl));
        Assert.All(result.Problems, problem => Assert.DoesNotContain(problem.Message, char.IsControl));
    }

    [Fact]
    [FaultRow(87, "10,000 items fail at once", "One log entry, a bounded list of problems, exact counts.")]
    public async Task Ten_thousand_failures_make_one_log_entry()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Error("AccessDeniedException"));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(10_000));

        Assert.Equal(10_000, result.Failed);
        Assert.Equal(DigestStoreDefaults.MaxProblems, result.Problems.Count);
        Assert.Single(scenario.Log.Entries);
    }

    private static void AssertSilent(string text)
    {
        Assert.DoesNotContain(FaultScenario.SecretMarker, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("AWS4-HMAC", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AKIASECRET", text, StringComparison.Ordinal);
    }
}
