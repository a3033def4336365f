using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.BenchmarkTests;

public sealed class RepeatedRunsTests
{
    [Fact]
    public void Each_target_has_its_measures_and_their_spread_and_a_missed_one_is_bold()
    {
        var report = new Report();
        RepeatedRuns.Print(report, [Run(2.5, 4_100), Run(1.8, 4_000), Run(null, 4_300)]);
        Assert.Equal(
            """
            | target | bound | run 1 | run 2 | run 3 | least | median | most |
            | --- | --: | --: | --: | --: | --: | --: | --: |
            | CPU | ≤ 1.900× | **2.500×** | 1.800× | – | 1.800× | 2.150× | 2.500× |
            | wall | – | 4,100 ms | 4,000 ms | 4,300 ms | 4,000 ms | 4,100 ms | 4,300 ms |

            """,
            report.Text);

        static Verdict[] Run(double? cpu, double wall) =>
            [new Verdict("CPU", cpu, Verdict.Most, 1.9, "×"), new Verdict("wall", wall, "", null, " ms"), new Verdict("nobody has measured this", null, Verdict.Most, 1, "")];
    }

    [Theory]
    [InlineData(Verdict.Most, 1.04, "PASS")]
    [InlineData(Verdict.Most, 1.06, "MISS")]
    [InlineData(Verdict.Most, double.NaN, "MISS")]
    [InlineData(Verdict.Least, 1.04, "MISS")]
    [InlineData(Verdict.Least, 1.06, "PASS")]
    public void A_measure_is_compared_with_its_bound(string sign, double measured, string word) =>
        Assert.Equal(word, new Verdict("target", measured, sign, 1.05, "×").Word);
}
