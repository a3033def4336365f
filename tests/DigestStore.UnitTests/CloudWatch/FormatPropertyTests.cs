using System.Diagnostics.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.CloudWatch;

public sealed class FormatPropertyTests
{
    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Elements(0, 1, -1, 0.1, 1e-300, 1e100, double.NaN, double.PositiveInfinity, double.MinValue, double.Epsilon),
        Gen.Choose(-1000, 1000).Select(static number => number / 8.0));

    private static readonly Gen<object?> TagValue = Gen.OneOf(
        Generate.Text.Select(static text => (object?)text),
        Gen.Elements<object?>(null, 7, 1.5, true, new string('x', 3000), ' ', DateTimeOffset.UnixEpoch),
        Gen.Elements<object?>("t", "u"));

    private static readonly Gen<KeyValuePair<string, object?>> Tag =
        from name in Gen.OneOf(Generate.Text, Gen.Elements("table", "operation", "outcome", "db.collection.name", "db.system.name", "_aws", "m0", ":", "Service"))
        from value in TagValue
        select new KeyValuePair<string, object?>(name, value);

    private static readonly Gen<Measurement> One =
        from kind in Gen.Choose(0, 2)
        from name in Gen.OneOf(Gen.Choose(0, 5).Select(static number => $"m{number}"), Gen.Constant("digeststore.store.items"), Generate.Text)
        from unit in Gen.Elements(null, "s", "{item}", "ms", "nonsense", "")
        from value in Number
        from count in Gen.Choose(0, 25)
        from tags in Gen.ArrayOf(Tag, count)
        from times in Gen.Frequency((8, Gen.Constant(1)), (1, Gen.Choose(90, 220)))
        select new Measurement(kind, name, unit, value, tags, times);

    [Fact]
    public void Every_line_holds_against_the_published_format() => Prop.ForAll(
        (from count in Gen.Choose(0, 40) from measurements in Gen.ArrayOf(One, count) select measurements).ToArbitrary(),
        static measurements =>
        {
            using var emitter = new Emitter(static options => options.Dimensions["Service"] = "s");
            foreach (Measurement measurement in measurements)
            {
                measurement.Make(emitter.Meter);
            }

            // Reading a line checks it.
            List<EmfDocument> lines = emitter.Flush();

            Assert.Equal(measurements.Length == 0, lines.Count == 0);
        }).Check(Generate.Sometimes);

    private sealed record Measurement(int Kind, string Name, string? Unit, double Value, KeyValuePair<string, object?>[] Tags, int Times)
    {
        public void Make(Meter meter)
        {
            Action measure = Kind switch
            {
                0 => () => meter.CreateCounter<double>(Name, Unit).Add(Value, Tags),
                1 => () => meter.CreateHistogram<double>(Name, Unit).Record(Value, Tags),
                _ => () => meter.CreateHistogram<int>(Name, Unit).Record(double.IsFinite(Value) ? (int)Value : 0, Tags),
            };
            for (int time = 0; time < Times; time++)
            {
                measure();
            }
        }
    }
}
