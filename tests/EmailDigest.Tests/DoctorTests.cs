using System.Text.Json;
using DigestStore;
using DigestStore.TestSupport;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

public sealed class DoctorTests
{
    // The engine has other tests to serve.
    private static readonly Dictionary<string, string?> Patient = new() { ["DigestStore:AttemptTimeout"] = "00:00:20", ["DigestStore:Deadline"] = "00:05:00" };

    [Fact]
    public async Task A_table_is_inspected_and_what_it_lacks_is_told_with_a_command_on_one_line()
    {
        using var folder = new TemporaryFolder();
        string[] place = ["--endpoint", Engines.DynamoDbLocal.AbsoluteUri, "--table", "doctor-" + Path.GetRandomFileName()];
        Run stored = await Run.InEnvironmentAsync(Patient, [.. place, "-o", folder.File("x.eml"), "--dead-letters", folder.File("letters")]);
        Assert.Contains("30 inserted", stored.Words, StringComparison.Ordinal);

        Run run = await Run.ProgramAsync(["doctor", .. place]);

        Assert.Equal(ExitCode.TableHasNoProblem, run.ExitCode);
        Assert.Contains("ok keys pk (S), sk (S).", run.Words, StringComparison.Ordinal);
        Assert.Contains("ok headers Of the last 7 days 1 have records, and each of them has its header.", run.Words, StringComparison.Ordinal);
        Assert.Contains("warning stream: Consumers of changes", run.Output, StringComparison.Ordinal);
        Assert.Contains($"  aws dynamodb update-table --table-name {place[3]} --endpoint-url {place[1]} --stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{place[3]}, digest daily: 0 problems, 3 warnings, 1 not known. 15 requests, ", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task A_missing_table_is_a_problem_in_JSON_too()
    {
        Run run = await Run.ProgramAsync("doctor", "--endpoint", Engines.DynamoDbLocal.AbsoluteUri, "--table", "doctor-is-missing", "--json");

        DigestTableReport report = JsonSerializer.Deserialize<DigestTableReport>(run.Output, JsonSerializerOptions.Web)!;
        Assert.Equal(ExitCode.TableHasProblems, run.ExitCode);
        Assert.Equal(("doctor-is-missing", "table", DigestTableCheckStatus.Problem), (report.TableName, report.Checks[0].Name, report.Checks[0].Status));
        Assert.Equal(1, report.Problems);
    }

    [Theory]
    [InlineData("doctor", "out/digests.db")]
    [InlineData("doctor --file other.db", "other.db")]
    public async Task A_file_is_checked_by_the_shell_of_SQLite_and_the_command_is_told(string command, string file)
    {
        Run run = await Run.InEnvironmentAsync([], command.Split(' '));

        Assert.Equal((ExitCode.WrongArguments, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("ERROR doctor looks at DynamoDB tables: name one with --endpoint, --region or --table", run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"To check a file: sqlite3 \"{file}\" \"PRAGMA integrity_check\"", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_may_name_the_table()
    {
        var environment = new Dictionary<string, string?> { ["DigestStore:ServiceUrl"] = "http://127.0.0.1:1", ["DigestStore:DigestName"] = "weekly" };

        Run run = await Run.InEnvironmentAsync(environment, "doctor");

        Assert.Equal(ExitCode.TableHasProblems, run.ExitCode);
        Assert.Contains("No connection came about", run.Output, StringComparison.Ordinal);
        Assert.Contains("digests, digest weekly: 1 problem, 0 warnings, 16 not known.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_wrong_is_named()
    {
        Run run = await Run.InEnvironmentAsync([], "doctor", "--table", "?");

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains("TableName is '?'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_stops_it_does_not_wait()
    {
        await using ScriptedEndpoint server = ScriptedEndpoint.Start();
        server.OnAny().Answer(Fault.Stall());
        using var stop = new CancellationTokenSource();
        Task<Run> running = Run.StartAsync(["doctor", "--endpoint", server.Uri.AbsoluteUri], configure: null, stop.Token);
        await server.Requests.ArrivalOfAsync("DescribeTable");

        await stop.CancelAsync();

        Assert.Equal(ExitCode.Stopped, (await running).ExitCode);
    }

    [Fact]
    public async Task Options_of_a_run_are_none_of_the_doctor()
    {
        Run run = await Run.ProgramAsync("doctor", "--quiet");

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains("--quiet", run.Error, StringComparison.Ordinal);
    }
}
