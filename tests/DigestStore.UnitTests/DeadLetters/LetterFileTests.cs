using DigestStore.DeadLetters;
using DigestStore.Testing;
using DigestStore.UnitTests.Telemetry;

namespace DigestStore.UnitTests.DeadLetters;

public sealed class LetterFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("letter-files-");
    private readonly FixedClock _clock = new();
    private readonly InMemoryDigestRepository _repository = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Table => Path.Combine(_directory.FullName, "digests");

    public void Dispose()
    {
        _repository.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Lines_that_are_no_letters_are_readable_by_their_owner_only()
    {
        Put("20261121T060000000Z-0.jsonl", "no letter");

        await ReplayAsync();

        string file = Assert.Single(Directory.GetFiles(Table));
        Assert.Matches("^20261121T060000000Z-[0-9a-f]{16}[.]unreadable$", Path.GetFileName(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Theory]
    [InlineData("20261021T060000000Z-0.unreadable")]
    [InlineData("20261021T060000000Z-0.jsonl.unreadable")]
    [InlineData("20261021T060000000Z-0.jsonl")]
    [InlineData("20261021T060000000Z-0.tmp")]
    public async Task Whatever_is_too_old_is_removed_with_the_next_write(string name)
    {
        Put(name, "no letter");

        await Sink().WriteAsync([Letters.Of(1)], Token);

        Assert.DoesNotContain(name, Directory.GetFiles(Table).Select(Path.GetFileName));
        Assert.Single(Directory.GetFiles(Table));
    }

    [Fact]
    public async Task A_letter_that_is_too_old_is_removed_and_not_replayed()
    {
        Put("20261021T060000000Z-0.jsonl", Letters.Line(Letters.Of(1)));

        Assert.Equal(new DeadLetterReplayResult(), await ReplayAsync());
        Assert.Empty(Directory.GetFiles(Table));
    }

    [Fact]
    public async Task A_file_that_was_put_back_by_hand_is_replayed_whatever_its_name_is_and_its_rest_is_as_old_as_it()
    {
        string file = Put("restored.jsonl", Letters.Line(Letters.Of(1)), Letters.Line(Letters.Of(2, "weekly")), "no letter");
        File.SetLastWriteTimeUtc(file, FixedClock.Start.UtcDateTime);

        DeadLetterReplayResult result = await ReplayAsync();

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1, Unreadable = 1, Foreign = 1 }, result);
        Assert.All(Directory.GetFiles(Table), left => Assert.StartsWith("20261121T060000000Z-", Path.GetFileName(left), StringComparison.Ordinal));
        Assert.Equal(2, Directory.GetFiles(Table).Length);
    }

    [Fact]
    public void What_may_not_be_opened_is_told_apart_from_what_another_process_has()
    {
        // Opening a directory as a file is denied to every user, also to those who may read everything.
        string denied = Directory.CreateDirectory(Path.Combine(Table, "denied.jsonl")).FullName;
        string free = Put("20261121T060000000Z-0.jsonl", "line");

        Assert.Null(LetterFile.Claim(denied, out bool isDenied));
        Assert.True(isDenied);
        Assert.Null(LetterFile.TryRemove(denied, Token));
        LetterFile.TryDelete(denied);
        LetterFile.TryDelete(Path.Combine(Table, "no directory", "gone.jsonl"));
        Assert.True(Directory.Exists(denied));

        using (FileStream? claim = LetterFile.Claim(free, out isDenied))
        {
            Assert.NotNull(claim);
            Assert.Equal(0, LetterFile.TryRemove(free, Token));
        }

        Assert.False(isDenied);
        Assert.Equal(1, LetterFile.TryRemove(free, Token));
        Assert.Equal(0, LetterFile.TryRemove(free, Token));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_not_taken_for_one_that_is_gone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other limits.");
        Directory.CreateDirectory(Table);
        string tooLong = Path.Combine(Table, new string('x', 300) + ".jsonl");

        Assert.Contains(tooLong, Assert.Throws<IOException>(() => LetterFile.Open(tooLong, out _)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => LetterFile.Claim(tooLong, out _));
        Assert.Null(LetterFile.Open(Path.Combine(Table, "gone.jsonl"), out bool isDenied));
        Assert.Null(LetterFile.Claim(Path.Combine(Table, "gone.jsonl"), out bool isClaimDenied));
        Assert.False(isDenied || isClaimDenied);
    }

    [Fact]
    public void A_token_ends_the_reading_of_a_file_that_is_too_old()
    {
        string file = Put("20261021T060000000Z-0.jsonl", "line");

        Assert.Throws<OperationCanceledException>(() => LetterFile.TryRemove(file, new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => Sink().RemoveOld(new LetterDirectory(Table), new CancellationToken(canceled: true)));
        Assert.True(File.Exists(file));
    }

    [Theory]
    [InlineData(UnixFileMode.None)]
    [InlineData(UnixFileMode.UserRead)]
    public async Task A_file_of_another_user_ends_neither_a_replay_nor_a_write_and_is_told_once(UnixFileMode mode)
    {
        string file = Put("20261021T060000000Z-0.jsonl", Letters.Line(Letters.Of(1)));
        Assert.SkipUnless(IsDeniedAfterChange(file, mode), "This user may open every file.");
        var log = new ListLogger();
        var sink = new FileDeadLetterSink(new FileDeadLetterOptions { Directory = _directory.FullName }, log, _clock);

        await sink.WriteAsync([Letters.Of(2)], Token);
        await sink.WriteAsync([Letters.Of(3)], Token);
        DeadLetterReplayResult result = await new DeadLetterReplay(_repository, sink, log).RunAsync(cancellationToken: Token);

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2, SkippedBatches = 1 }, result);
        Assert.Equal([127, 127, 124], log.Entries.Select(entry => entry.Id));
        Assert.All(log.Entries.Take(2), static entry => Assert.StartsWith("1 files of dead letters ", entry.Text, StringComparison.Ordinal));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void Only_a_file_with_something_in_it_can_have_letters_also_through_a_link()
    {
        string letters = Put("letters.jsonl", "line");
        string empty = Put("empty.jsonl");
        string gone = Path.Combine(Table, "gone.jsonl");
        string directory = Directory.CreateDirectory(Path.Combine(Table, "directory.jsonl")).FullName;

        Assert.Equal([EntryKind.Letters, EntryKind.NoLetters, EntryKind.Gone, EntryKind.NoLetters], new[] { letters, empty, gone, directory }.Select(LetterFile.KindOf));
        if (!OperatingSystem.IsWindows())
        {
            string[] links = [.. new[] { letters, empty, gone, directory }.Select(static target => File.CreateSymbolicLink(target + ".link", target).FullName)];
            Assert.Equal([EntryKind.Letters, EntryKind.NoLetters, EntryKind.NoLetters, EntryKind.NoLetters], links.Select(LetterFile.KindOf));
        }
    }

    private static bool IsDeniedAfterChange(string file, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        File.SetUnixFileMode(file, mode);
        using FileStream? claim = LetterFile.Claim(file, out bool isDenied);
        return isDenied;
    }

    private FileDeadLetterSink Sink() => new(new FileDeadLetterOptions { Directory = _directory.FullName }, timeProvider: _clock);

    private Task<DeadLetterReplayResult> ReplayAsync() => new DeadLetterReplay(_repository, Sink()).RunAsync(cancellationToken: Token);

    private string Put(string name, params string[] lines)
    {
        Directory.CreateDirectory(Table);
        string file = Path.Combine(Table, name);
        File.WriteAllLines(file, lines);
        return file;
    }
}
