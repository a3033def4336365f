using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DigestStore.InfrastructureTests.Doctor;

/// <summary>Names that somebody else chose neither run as a command nor reach a terminal as control characters.</summary>
public sealed class ForeignTextTests : IAsyncDisposable
{
    private readonly ScriptedTable _table = new();

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    [Theory]
    [InlineData("x;touch planted;#")]
    [InlineData("$(touch planted)")]
    [InlineData("`touch planted`")]
    [InlineData("'; touch planted; '")]
    [InlineData("a b\" | touch planted")]
    [InlineData("x\ntouch planted")]
    public async Task A_shell_takes_a_name_in_a_command_as_one_argument(string name)
    {
        _table.TimeToLive["AttributeName"] = name;
        _table.Table["SSEDescription"]!["KMSMasterKeyArn"] = name;
        _table.Table["SSEDescription"]!["InaccessibleEncryptionDateTime"] = 1763700000;
        _table.Options.TableName = "arn:aws:dynamodb:eu-central-1:123456789012:table/" + name.Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings("");

        DigestTableReport report = await _table.InspectAsync();

        string shown = name.Replace('\n', ' ');
        string off = Remedy(report, "time-to-live").Split(" and, an hour later,")[0];
        string[] expiry = await ArgumentsAsync(off);
        Assert.Equal(["dynamodb", "update-time-to-live", "--table-name", _table.Options.TableName, "--region", "eu-central-1", "--time-to-live-specification", "Enabled=false,AttributeName=" + shown], expiry);
        string describe = Remedy(report, "encryption");
        string[] key = await ArgumentsAsync(describe[describe.IndexOf("aws kms", StringComparison.Ordinal)..]);
        Assert.Equal(["kms", "describe-key", "--key-id", shown, "--region", "eu-central-1"], key);
    }

    [Fact]
    public async Task No_control_character_reaches_a_report()
    {
        const string Escape = "\u001b[2J\u001b]0;x\u0007\r\n\u202e\u009b";
        foreach (string place in (string[])["TableStatus", "KeySchema", "IndexStatus", "Projection", "Encryption", "Stream", "TableClass"])
        {
            await using var table = new ScriptedTable();
            JsonObject described = table.Table;
            table.TimeToLive["AttributeName"] = Escape;
            table.Sample("Query", """[{"sk":{"S":"ITEM#1"},"v":{"N":"\u001b[2J"}}]""");
            (JsonNode owner, string member) = place switch
            {
                "KeySchema" => (described["KeySchema"]![0]!, "AttributeName"),
                "IndexStatus" => (described["GlobalSecondaryIndexes"]![0]!, "IndexStatus"),
                "Projection" => (described["GlobalSecondaryIndexes"]![0]!["Projection"]!, "ProjectionType"),
                "Encryption" => (described["SSEDescription"]!, "KMSMasterKeyArn"),
                "Stream" => (described["StreamSpecification"]!, "StreamViewType"),
                "TableClass" => (described["TableClassSummary"]!, "TableClass"),
                _ => (described, place),
            };
            owner[member] = Escape;

            DigestTableReport report = await table.InspectAsync();

            Assert.Contains(report.Checks, static check => check.Finding.Contains("[2J", StringComparison.Ordinal));
            Assert.All(report.Checks, static check => Assert.DoesNotContain(check.Finding + check.Remedy, static character => character is < ' ' or > '~'));
        }
    }

    // What the shell makes of a command whose first word is replaced by one that prints its arguments.
    private static async Task<string[]> ArgumentsAsync(string command)
    {
        Assert.StartsWith("aws ", command, StringComparison.Ordinal);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("touch() { echo PLANTED; }; aws() { printf '%s\\n' \"$@\"; }; " + command);
        using Process shell = Process.Start(start)!;
        Task<string> error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await error);
        return output.TrimEnd('\n').Split('\n');
    }

    private static string Remedy(DigestTableReport report, string check) => report.Checks.Single(one => one.Name == check).Remedy!;
}
