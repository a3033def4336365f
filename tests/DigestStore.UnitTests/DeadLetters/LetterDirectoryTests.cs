using System.Text;
using DigestStore.DeadLetters;

namespace DigestStore.UnitTests.DeadLetters;

public sealed class LetterDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("letter-directory-");
    private readonly string _path;
    private readonly LetterDirectory _directory;

    public LetterDirectoryTests()
    {
        _path = Path.Combine(_root.FullName, "letters", "digests");
        _directory = new LetterDirectory(_path);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("Email-digests_2.prod", "Email-digests_2.prod")]
    [InlineData("arn:aws:dynamodb:eu-west-1:123:table/digests", "arn_aws_dynamodb_eu-west-1_123_table_digests")]
    public void A_table_s_name_becomes_a_name_that_every_file_system_takes(string table, string name) => Assert.Equal(name, LetterDirectory.DirectoryNameOf(table));

    [Fact]
    public async Task Both_levels_of_directories_are_the_owner_s_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");

        await WriteAsync(Letters.Of(1));

        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Assert.Equal((Owner, Owner), (File.GetUnixFileMode(_path), File.GetUnixFileMode(Path.GetDirectoryName(_path)!)));
        }
    }

    [Fact]
    public async Task Letters_may_fill_the_cap_to_its_last_byte()
    {
        int size = Encoding.UTF8.GetByteCount(Letters.Line(Letters.Of(1)) + "\n");

        await WriteAsync(Letters.Of(1), maxBytes: 2 * size);
        await WriteAsync(Letters.Of(2), maxBytes: 2 * size);

        await Assert.ThrowsAsync<IOException>(() => WriteAsync(Letters.Of(3), maxBytes: (3 * size) - 1));
        Assert.Equal(2, Directory.GetFiles(_path).Length);
    }

    [Fact]
    public async Task What_cannot_be_finished_leaves_nothing_behind()
    {
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _directory.WriteAsync([Letters.Of(1)], 1_000_000, FixedClock.Start, canceled.Token));

        Assert.Empty(Directory.GetFileSystemEntries(_path));
    }

    [Fact]
    public void Files_are_listed_by_their_age()
    {
        string[] names = [.. Enumerable.Range(10, 40).Select(static second => $"20261121T0600{second}000Z-0.jsonl")];
        foreach (string name in names.Reverse())
        {
            Put(name, "line");
        }

        Assert.Equal(names, _directory.Files(out IReadOnlyList<string> notFiles).Select(Path.GetFileName));
        Assert.Empty(notFiles);
    }

    // The limit itself is young enough.
    [Fact]
    public void Only_the_directory_s_own_files_that_are_older_than_the_limit_are_removed_and_their_lines_counted()
    {
        Put("20261021T055959999Z-0.jsonl", "one", "two");
        Put("20261021T055959999Z-0.unreadable", "three");
        Put("20261021T055959999Z-0.tmp", "half");
        string[] stay = ["20261021T055959999Z-0.txt", "20261021T060000000Z-0.jsonl", "20261021T060000000Z-0.tmp", "20261021T060000000Z-0.unreadable"];
        foreach (string name in stay)
        {
            Put(name, "line");
        }

        (int lines, int denied) = _directory.RemoveOlderThan(new DateTimeOffset(2026, 10, 21, 6, 0, 0, TimeSpan.Zero), Token);

        Assert.Equal((3, 0), (lines, denied));
        Assert.Equal(stay, Directory.GetFiles(_path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    public async Task Lines_are_kept_apart_to_their_last_byte(int length)
    {
        string text = new('x', length);
        string file = Put("20261121T060000000Z-0.jsonl", text, "letter", "y");
        using FileStream claim = LetterFile.Claim(file, out _)!;
        LetterLine[] lines = [.. LetterLines.Read(claim, Token).Select(static line => line with { Text = default })];

        string apart = await LetterDirectory.WriteUnreadableAsync(claim, [lines[0], lines[2]]);

        Assert.Equal(text + "\ny\n", await File.ReadAllTextAsync(apart, Token));
    }

    [Fact]
    public async Task A_file_that_became_shorter_is_told_instead_of_half_of_it_being_kept()
    {
        string file = Put("20261121T060000000Z-0.jsonl", "first", "second");
        using FileStream claim = LetterFile.Claim(file, out _)!;
        LetterLine[] lines = [.. LetterLines.Read(claim, Token).Select(static line => line with { Text = default })];
        claim.SetLength(3);

        EndOfStreamException told = await Assert.ThrowsAsync<EndOfStreamException>(() => LetterDirectory.RewriteAsync(claim, lines, []));

        Assert.Contains(file, told.Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(_path));
    }

    private Task WriteAsync(DeadLetter letter, long maxBytes = 1_000_000) => _directory.WriteAsync([letter], maxBytes, FixedClock.Start, Token);

    private string Put(string name, params string[] lines)
    {
        Directory.CreateDirectory(_path);
        string file = Path.Combine(_path, name);
        File.WriteAllText(file, string.Concat(lines.Select(static line => line + "\n")));
        return file;
    }
}
