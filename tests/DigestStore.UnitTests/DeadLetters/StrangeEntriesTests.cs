using System.Diagnostics;
using System.Net.Sockets;
using DigestStore.UnitTests.Telemetry;

namespace DigestStore.UnitTests.DeadLetters;

// Whatever lies in the directory and is named like a letter file: it ends neither a replay nor a write, and is told.
public sealed class StrangeEntriesTests : IDisposable
{
    // Too old, so that a write tries to remove it.
    private const string Name = "20200101T000000000Z-0.jsonl";

    private readonly ReplayDesk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("pipe", Name)]
    [InlineData("socket", Name)]
    [InlineData("link to a device", Name)]
    [InlineData("directory", Name)]
    [InlineData("link to a directory", Name)]
    [InlineData("link to nothing", Name)]
    [InlineData("link to itself", Name)]
    [InlineData("empty file", Name)]
    [InlineData("pipe", "x.jsonl")]
    [InlineData("socket", "x.jsonl")]
    [InlineData("link to a device", "x.jsonl")]
    [InlineData("directory", "x.jsonl")]
    [InlineData("link to a directory", "x.jsonl")]
    [InlineData("link to nothing", "x.jsonl")]
    [InlineData("link to itself", "x.jsonl")]
    [InlineData("empty file", "x.jsonl")]
    [InlineData("pipe", "20200101T000000000Z-0.unreadable")]
    [InlineData("link to nothing", "20200101T000000000Z-0.unreadable")]
    public async Task An_entry_that_is_no_letter_file_is_left_alone_and_told(string kind, string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has none of these.");
        _desk.Put("own.jsonl", Letters.Line(_desk.Letter("letter")));
        string entry = Path.Combine(_desk.Files, name);
        using Socket? open = Make(kind, entry);
        bool isListed = name.EndsWith(".jsonl", StringComparison.Ordinal);
        var log = new ListLogger();
        var sink = new FileDeadLetterSink(new FileDeadLetterOptions { Directory = Path.GetDirectoryName(_desk.Files)! }, log, _desk.Time);

        await sink.WriteAsync([_desk.Letter("written") with { Item = Some.Item(1) }], Token);
        using DigestRepository repository = _desk.Repository();
        DeadLetterReplayResult result = await new DeadLetterReplay(repository, sink, log).RunAsync(cancellationToken: Token);

        Assert.Equal(new DeadLetterReplayResult { Letters = 2, Stored = 2, SkippedBatches = isListed ? 1 : 0 }, result);
        Assert.Equal([entry], Directory.GetFileSystemEntries(_desk.Files));
        Assert.Equal(isListed ? [128, 124] : [124], log.Ids);
        Assert.Equal(isListed, log.Entries.Any(static entry => entry.Text.StartsWith("1 entries in a directory", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_link_to_a_letter_file_is_replayed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        string elsewhere = Path.Combine(Path.GetDirectoryName(_desk.Files)!, "elsewhere");
        await File.WriteAllTextAsync(elsewhere, Letters.Line(_desk.Letter("letter")), Token);
        Directory.CreateDirectory(_desk.Files);
        File.CreateSymbolicLink(Path.Combine(_desk.Files, "link.jsonl"), elsewhere);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, await _desk.ReplayAsync());
        Assert.True(File.Exists(elsewhere));
    }

    private static Socket? Make(string kind, string entry)
    {
        switch (kind)
        {
            case "pipe":
                using (Process made = Process.Start("mkfifo", entry))
                {
                    made.WaitForExit();
                    Assert.Equal(0, made.ExitCode);
                }

                return null;
            case "socket":
                // A path in a socket's address is short.
                string place = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Bind(new UnixDomainSocketEndPoint(place));
                File.Move(place, entry);
                return socket;
            case "directory":
                Directory.CreateDirectory(entry);
                return null;
            case "empty file":
                File.Create(entry).Dispose();
                return null;
            default:
                File.CreateSymbolicLink(entry, kind switch { "link to a device" => "/dev/zero", "link to a directory" => "/usr", "link to itself" => entry, _ => "/nothing/is/here" });
                return null;
        }
    }
}
