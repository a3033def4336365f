using System.Text;
using static DigestStore.UnitTests.CloudWatch.Emitter;

namespace DigestStore.UnitTests.CloudWatch;

public sealed class WriterTests
{
    [Fact]
    public void A_writer_that_throws_is_told_once_until_it_works_again()
    {
        using var writer = new ScriptedWriter { Throws = true };
        using var emitter = new Emitter(options => options.Writer = writer);

        emitter.Items.Add(1, Tags(("table", "t")));
        emitter.Time.Advance(TimeSpan.FromMinutes(1));
        emitter.Items.Add(1, Tags(("table", "t")));
        emitter.Metrics.Flush();
        Assert.Equal([500], emitter.Log.Ids);

        writer.Throws = false;
        emitter.Items.Add(3, Tags(("table", "t")));
        emitter.Metrics.Flush();
        Assert.Equal(3, Values(writer.Lines.Select(EmfDocument.Read), "digeststore.store.items", "table=t").Sum());

        writer.Throws = true;
        emitter.Items.Add(1, Tags(("table", "t")));
        emitter.Metrics.Flush();
        Assert.Equal([500, 500], emitter.Log.Ids);
    }

    [Fact]
    public async Task Measuring_does_not_wait_for_the_writer()
    {
        using var writer = new ScriptedWriter();
        using var emitter = new Emitter(options => options.Writer = writer);
        emitter.Items.Add(1, Tags(("table", "t")));
        writer.Block();
        Task flush = Task.Run(emitter.Metrics.Flush);
        await writer.Blocked;

        emitter.Items.Add(1, Tags(("table", "t")));
        emitter.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(flush.IsCompleted);

        writer.Release();
        await flush;
        emitter.Metrics.Flush();
        Assert.Equal([1, 1], Values(writer.Lines.Select(EmfDocument.Read), "digeststore.store.items", "table=t").Where(static value => value > 0));
    }

    [Fact]
    public async Task A_writer_that_blocks_holds_up_neither_another_flush_nor_the_end()
    {
        using var writer = new ScriptedWriter();
        using var emitter = new Emitter(options => options.Writer = writer);
        emitter.Metrics.WriteTimeout = TimeSpan.FromMilliseconds(1);
        emitter.Items.Add(1, Tags(("table", "t")));
        writer.Block();
        Task flush = Task.Run(emitter.Metrics.Flush);
        await writer.Blocked;

        emitter.Metrics.Flush();
        Assert.Equal([500], emitter.Log.Ids);
        emitter.Metrics.Dispose();
        Assert.False(flush.IsCompleted);

        writer.Release();
        await flush;
    }

    [Fact]
    public void Each_line_is_one_write_and_the_writer_is_flushed_but_never_disposed()
    {
        using var writer = new ScriptedWriter();
        using (var emitter = new Emitter(options => options.Writer = writer))
        {
            emitter.Items.Add(1, Tags(("outcome", "inserted"), ("table", "t")));
            emitter.Metrics.Flush();
        }

        Assert.All(writer.Lines, static line => EmfDocument.Read(line));
        Assert.Equal((0, 1, false), (writer.OtherWrites, writer.Flushes, writer.IsDisposed));
    }

    [Fact]
    public async Task Nothing_is_lost_or_counted_twice_while_others_measure()
    {
        using var emitter = new Emitter();
        Task[] measuring = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int index = 0; index < 2000; index++)
            {
                emitter.Items.Add(1, Tags(("outcome", "inserted"), ("table", "t")));
            }
        }))];
        Task all = Task.WhenAll(measuring);
        do
        {
            emitter.Metrics.Flush();
            await Task.Yield();
        }
        while (!all.IsCompleted);
        await all;

        Assert.Equal(8000, Values(emitter.Flush(), "digeststore.store.items", "outcome=inserted,table=t").Sum());
    }

    private sealed class ScriptedWriter : TextWriter
    {
        private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _gate = new(initialState: true);

        public bool Throws { get; set; }

        public List<string> Lines { get; } = [];

        public int OtherWrites { get; private set; }

        public int Flushes { get; private set; }

        public bool IsDisposed { get; private set; }

        public Task Blocked => _blocked.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public void Block() => _gate.Reset();

        public void Release() => _gate.Set();

        public override void WriteLine(string? value)
        {
            if (!_gate.IsSet)
            {
                _blocked.TrySetResult();
                _gate.Wait();
            }

            if (Throws)
            {
                throw new IOException();
            }

            Lines.Add(value!);
        }

        public override void Write(char value) => OtherWrites++;

        public override void Flush() => Flushes++;

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            _gate.Dispose();
            base.Dispose(disposing);
        }
    }
}
