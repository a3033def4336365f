using System.Collections.Concurrent;
using System.Globalization;
using DigestStore;
using DigestStore.TestSupport;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

/// <summary>
/// Kills the sample (kill -9) at every step that it takes outside of its process: when a request has come to the database or a command to the mail server, before it is carried out,
/// and when it is carried out and not answered. The sample knows nothing of it. A database in a file is written within the process, so there the steps are those of the mail server.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class KillTests
{
    /// <summary>How many times to kill at each step.</summary>
    private const string RoundsVariable = "DIGESTSTORE_KILL_MAIL_ROUNDS";

    private const int DefaultRounds = 1;
    private const int AtOnce = 2;

    // A machine that is too busy to parse a feed in time makes an email of nothing, and such a run ends before its step.
    private const int MaxTries = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_is_killed_at_any_step_loses_nothing_and_the_next_one_ends_the_day(bool isInFile)
    {
        string[] steps = await StepsOfARunAsync(isInFile);
        int rounds = int.TryParse(Environment.GetEnvironmentVariable(RoundsVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : DefaultRounds;
        TestContext.Current.SendDiagnosticMessage($"{rounds} rounds at each of {steps.Length} steps: {string.Join(", ", steps)}");
        var ends = new ConcurrentBag<(string Step, int Messages)>();

        await Parallel.ForEachAsync(Enumerable.Range(0, steps.Length * rounds), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (round, _) =>
            ends.Add(await KillAtAsync(round % steps.Length, isInFile)));

        foreach (IGrouping<string, int> step in ends.GroupBy(end => end.Step, end => end.Messages).OrderBy(step => step.Key, StringComparer.Ordinal))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{step.Key}: killed {step.Count()} times, {step.Count(messages => messages == 2)} times sent again");
        }

        Assert.Equal(steps.Length * rounds, ends.Count);
        Assert.Contains(ends, end => end.Messages == 2);
    }

    private static async Task<string[]> StepsOfARunAsync(bool isInFile)
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile);
        var gate = new Gate();
        await using ScriptedEndpoint database = DatabaseProxy.Start(Engines.DynamoDbLocal, gate);
        await using var mail = new MailServerDouble(gate);

        using SampleProcess sample = morning.Start(morning.Arguments(mail, isInFile ? null : database.Uri));
        Run run = await sample.EndAsync();

        Assert.Equal((ExitCode.EmailSent, ""), (run.ExitCode, run.Error));
        return [.. gate.Steps];
    }

    private static async Task<(string Step, int Messages)> KillAtAsync(int step, bool isInFile)
    {
        string words = "";
        for (int tries = 0; tries < MaxTries; tries++)
        {
            (string? reached, int messages, words) = await TryToKillAtAsync(step, isInFile);
            if (reached is not null)
            {
                return (reached, messages);
            }
        }

        throw new InvalidOperationException($"The program ended before step {step}: {words}");
    }

    private static async Task<(string? Step, int Messages, string Words)> TryToKillAtAsync(int step, bool isInFile)
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile);
        var gate = new Gate(holdAt: step);
        await using ScriptedEndpoint database = DatabaseProxy.Start(Engines.DynamoDbLocal, gate);
        await using var mail = new MailServerDouble(gate);
        using (SampleProcess sample = morning.Start(morning.Arguments(mail, isInFile ? null : database.Uri)))
        {
            await Task.WhenAny(gate.Reached, sample.Ended);
            if (!gate.Reached.IsCompleted)
            {
                return (null, 0, (await sample.EndAsync()).Words);
            }

            await sample.KillAsync();
        }

        gate.Open();
        int accepted = mail.Messages.Count;
        bool isRecorded = accepted == 1 && (await FindSentAsync(morning)).UnsettledDates.Count == 0;
        Run run = await morning.SendLaterAsync(morning.Arguments(mail));

        string where = $"Killed at step {await gate.Reached}; afterwards: {run.Words}";
        Assert.True(await morning.StatusAsync() == DeliveryStatus.Delivered, where);
        SentLookup found = await FindSentAsync(morning);
        Assert.True(MorningRun.Urls.All(found.Contains) && found.UnsettledDates.Count == 0, where);

        // Only a message that the server has accepted, and that was not recorded, is sent a second time.
        bool isRepeated = accepted == 1 && !isRecorded;
        Assert.True(mail.Messages.Count == (isRepeated ? 2 : 1), where);
        Assert.True(mail.Messages.Select(MorningRun.MessageIdOf).Distinct().Count() == 1, where);
        Assert.True(!isRepeated || run.Error.Contains("It is sent again with the same Message-ID", StringComparison.Ordinal), where);
        return (await gate.Reached, mail.Messages.Count, run.Words);
    }

    private static Task<SentLookup> FindSentAsync(MorningRun morning) =>
        morning.Repository.FindSentAsync(MorningRun.Day.AddDays(1), MorningRun.Urls, 30, TestContext.Current.CancellationToken);
}
