using DigestStore;
using EmailDigest.Present;
using EmailDigest.Tests.Support;
using Spectre.Console;

namespace EmailDigest.Tests.Present;

public sealed class ReadBackTableTests
{
    private static readonly DateOnly Day = new(2026, 11, 21);

    [Theory]
    [InlineData(40, false, false)]
    [InlineData(60, false, false)]
    [InlineData(80, true, false)]
    [InlineData(120, true, true)]
    [InlineData(1_000_000, true, true)]
    public void A_narrow_terminal_has_fewer_columns_and_whole_words(int width, bool hasHost, bool hasSource)
    {
        using var output = new StringWriter();
        IAnsiConsole console = Terminal.Plain(output);
        console.Profile.Width = width;
        DigestItem item = new() { Url = "https://engineering.example.com/a", Title = "Why our queue was slow on Mondays, and what we did", Source = "Engineering Notes" };

        console.Write(ReadBackTable.Of(new Digest(Day, FakeRepository.Stored(Day, [item])), width));

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, width));
        Assert.Equal(hasHost, lines[3].Contains("engineering.example.com", StringComparison.Ordinal));
        Assert.Equal(hasSource, lines[3].Contains("Engineering Notes", StringComparison.Ordinal));
        Assert.Equal((hasHost, hasSource), (lines[1].Contains("Host", StringComparison.Ordinal), lines[1].Contains("Source", StringComparison.Ordinal)));
        Assert.Contains("Why our queue", lines[3], StringComparison.Ordinal);
    }
}
