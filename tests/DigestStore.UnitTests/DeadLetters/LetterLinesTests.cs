using System.Text;
using DigestStore.DeadLetters;

namespace DigestStore.UnitTests.DeadLetters;

public sealed class LetterLinesTests : IDisposable
{
    // More than twice what a letter can have.
    private const int FarTooLong = 9 * 1024 * 1024;

    private readonly ReplayDesk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\n\n \r\n")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\nb", "a\r", "b")]
    [InlineData("\uFEFFa\nb\n", "a", "b")]
    [InlineData("\n\na\n\n\nbc", "a", "bc")]
    public void Lines_are_cut_at_line_feeds_and_blank_ones_passed_over(string text, params string[] lines) =>
        Assert.Equal(lines, Read(Encoding.UTF8.GetBytes(text)).Select(static line => line.Text));

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) - 1)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(200_000)]
    [InlineData(4 * 1024 * 1024)]
    public void A_line_of_any_length_that_a_letter_can_have_is_read_whole_and_its_neighbours_too(int length)
    {
        string text = "first\n" + new string('x', length - 1) + "\nlast";

        Assert.Equal(["first", new string('x', length - 1), "last"], Read(Encoding.UTF8.GetBytes(text)).Select(static line => line.Text));
    }

    [Theory]
    [InlineData("first\n", "\nlast")]
    [InlineData("", "\nlast")]
    [InlineData("first\n", "")]
    public void A_line_that_is_too_long_for_a_letter_is_given_by_its_place(string before, string after)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(before + new string('x', FarTooLong) + after);

        var lines = Read(bytes);

        (long offset, long length, string text) = Assert.Single(lines, static line => line.Length > 100);
        Assert.Equal((before.Length, FarTooLong, ""), (offset, length, text));
        Assert.Equal((before + after).Split('\n', StringSplitOptions.RemoveEmptyEntries), lines.Where(static line => line.Length <= 100).Select(static line => line.Text));
    }

    [Fact]
    public void Reading_ends_when_the_token_fires()
    {
        using var stop = new CancellationTokenSource();
        using var file = new MemoryStream(Encoding.UTF8.GetBytes("a\nb\nc\n"));
        using IEnumerator<LetterLine> lines = LetterLines.Read(file, stop.Token).GetEnumerator();
        Assert.True(lines.MoveNext());
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => lines.MoveNext());
    }

    [Fact]
    public async Task Garbage_huge_lines_and_a_half_written_end_are_kept_byte_for_byte_and_the_letters_among_them_are_stored()
    {
        byte[] garbage = new byte[200_000];
        new Random(1).NextBytes(garbage);
        garbage.AsSpan().Replace((byte)'\n', (byte)'x');
        byte[] huge = Enumerable.Repeat((byte)'{', FarTooLong).ToArray();
        string letter = Letters.Line(_desk.Letter("letter"));
        byte[] half = Encoding.UTF8.GetBytes(letter[..^20]);
        Directory.CreateDirectory(_desk.Files);
        await File.WriteAllBytesAsync(Path.Combine(_desk.Files, "a.jsonl"), [.. garbage, (byte)'\n', .. Encoding.UTF8.GetBytes(letter), (byte)'\n', .. huge, (byte)'\n', .. half], Token);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1, Unreadable = 3 }, await _desk.ReplayAsync());
        string left = Assert.Single(Directory.GetFiles(_desk.Files));
        Assert.EndsWith(".unreadable", left, StringComparison.Ordinal);
        byte[] expected = [.. garbage, (byte)'\n', .. huge, (byte)'\n', .. half, (byte)'\n'];
        byte[] kept = await File.ReadAllBytesAsync(left, Token);
        Assert.True(expected.AsSpan().SequenceEqual(kept));
    }

    [Fact]
    public async Task Lines_of_other_digests_stay_as_they_are_with_members_that_this_version_does_not_know()
    {
        string foreign = Letters.Line(_desk.Letter("foreign") with { Digest = "weekly" }).Replace("\"ordinal\"", "\"new\":[1],\"ordinal\"", StringComparison.Ordinal);
        _desk.Put("a.jsonl", "\uFEFF" + foreign, Letters.Line(_desk.Letter("letter")));

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1, Foreign = 1 }, await _desk.ReplayAsync());
        Assert.Equal(foreign + "\n", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(_desk.Files)), Token)));
    }

    private static List<(long Offset, long Length, string Text)> Read(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        return [.. LetterLines.Read(file, CancellationToken.None).Select(static line => (line.Offset, line.Length, Encoding.UTF8.GetString(line.Text.Span)))];
    }
}
