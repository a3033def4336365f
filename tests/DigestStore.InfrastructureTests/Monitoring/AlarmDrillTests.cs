using System.Globalization;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Monitoring;

// The template's own alarms, evaluated on what the real pipeline emits while something is scripted to happen to it.
public sealed class AlarmDrillTests(ITestOutputHelper output)
{
    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.LoadWhole();

    [Fact]
    public async Task Every_alarm_fires_when_it_should_and_is_silent_when_it_should()
    {
        List<string> wrong = [];
        output.WriteLine($"{"alarm",-32} {"what happens",-82} {"datapoint",9} {"state",-5}");
        foreach (AlarmDrill drill in AlarmDrill.All)
        {
            MetricArchive archive = await drill.RunAsync();
            var alarm = Alarm.Of(Template, drill.Alarm);
            DateTimeOffset now = AlarmDrill.Morning + (drill.After ?? alarm.Period);
            AlarmState state = alarm.StateAt(now, archive);
            double[] datapoints = [.. alarm.Datapoints(now, archive).Values];
            string last = datapoints.Length == 0 ? "none" : datapoints[^1].ToString("0.##", CultureInfo.InvariantCulture);
            output.WriteLine($"{drill.Alarm,-32} {drill.Story,-82} {last,9} {state,-5} {(state == drill.Expected ? "" : $"expected {drill.Expected}")}");
            if (state != drill.Expected)
            {
                wrong.Add($"{drill.Alarm}: {drill.Story}: {state}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(23)]
    public void The_alarm_about_the_email_knows_any_hour_of_the_day(int hour)
    {
        var alarm = Alarm.Of(CloudFormationTemplate.Load().With(template => template.Parameters["DeliveredByHour"]!["Default"] = $"{hour}"), "NotDeliveredAlarm");
        DateTimeOffset due = new(2026, 11, 21, hour, 0, 0, TimeSpan.Zero);
        var archive = new MetricArchive();
        archive.Add(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"_aws":{"Timestamp":{{due.AddMinutes(-30).ToUnixTimeMilliseconds()}},"CloudWatchMetrics":[{"Namespace":"DigestStore","Dimensions":[["outcome","table"]],"Metrics":[{"Name":"digeststore.delivery.attempts"}]}]},"outcome":"delivered","table":"digests","digeststore.delivery.attempts":1}"""));

        Assert.Equal(
            [AlarmState.Ok, AlarmState.Ok, AlarmState.Ok, AlarmState.Alarm, AlarmState.Alarm, AlarmState.Ok],
            new[] { 0, 11, 23, 24, 36, 37 }.Select(hours => alarm.StateAt(due.AddHours(hours), archive)));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("0", true)]
    [InlineData("9", true)]
    [InlineData("23", true)]
    [InlineData("24", false)]
    [InlineData("7:30", false)]
    [InlineData("-1", false)]
    public void The_hour_is_an_hour_of_the_day_or_nothing(string hour, bool isAllowed) =>
        Assert.Equal(isAllowed, System.Text.RegularExpressions.Regex.IsMatch(hour, $"^(?:{(string)Template.Parameters["DeliveredByHour"]!["AllowedPattern"]!})$"));

    [Fact]
    public void Every_alarm_of_the_template_is_drilled_in_both_states() => Assert.Equal(
        Alarm.AllOf(Template).SelectMany(static alarm => Enum.GetValues<AlarmState>().Select(state => $"{alarm.LogicalId} {state}")).Order(StringComparer.Ordinal),
        AlarmDrill.All.Select(static drill => $"{drill.Alarm} {drill.Expected}").Distinct().Order(StringComparer.Ordinal));
}
