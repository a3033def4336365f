using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace EmailDigest.Tests.Support;

/// <summary>A small SMTP server on a free loopback port. It accepts every message, unless a step is scripted otherwise.</summary>
/// <remarks>The steps are the commands <c>EHLO</c>, <c>MAIL</c>, <c>RCPT</c>, <c>DATA</c> and <c>QUIT</c>, and <c>.</c>, the end of a message.</remarks>
internal sealed class MailServerDouble(Gate? gate = null) : LoopbackServer
{
    public const string End = ".";
    private readonly ConcurrentDictionary<string, Script> _scripts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _messages = new();

    // Accepts the message, if the step is the end of one, and says what to answer; null closes the connection.
    private delegate Task<string?> Script(Action accept, CancellationToken stop);

    /// <summary>Host and port.</summary>
    public string Place => Address["http://".Length..];

    /// <summary>The messages that were accepted, in their order.</summary>
    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>Answers a step with this reply, and accepts nothing.</summary>
    public void Answer(string step, string reply) => _scripts[step] = (_, _) => Task.FromResult<string?>(reply);

    /// <summary>Closes the connection at a step, and accepts nothing.</summary>
    public void Drop(string step) => _scripts[step] = (_, _) => Task.FromResult<string?>(null);

    /// <summary>Accepts the message of a step, and never answers.</summary>
    public void Stall(string step) => Hold(step, new TaskCompletionSource().Task);

    /// <summary>Accepts the message of a step, and answers when the task has ended.</summary>
    public void Hold(string step, Task until) => _scripts[step] = async (accept, stop) =>
    {
        accept();
        await until.WaitAsync(stop);
        return "250 OK";
    };

    /// <summary>From now on every step is answered as usual.</summary>
    public void Heal() => _scripts.Clear();

    protected override async Task ServeAsync(NetworkStream stream, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        bool goesOn = await SayAsync("220 ready");
        while (goesOn && await reader.ReadLineAsync(stop) is { } line)
        {
            string command = line.Split(' ')[0].ToUpperInvariant();
            string? reply = await AnswerAsync(command, static () => { });
            goesOn = await SayAsync(reply) && command != "QUIT";
            if (goesOn && command == "DATA" && reply![0] == '3')
            {
                string message = await ReadMessageAsync(reader, stop);
                goesOn = await SayAsync(await AnswerAsync(End, () => _messages.Enqueue(message)));
            }
        }

        async Task<bool> SayAsync(string? reply)
        {
            if (reply is not null)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), stop);
            }

            return reply is not null;
        }

        async Task<string?> AnswerAsync(string step, Action accept)
        {
            await (gate?.PassAsync($"mail: {step} asked", stop) ?? Task.CompletedTask);
            HasCome();
            string? reply = await (_scripts.GetValueOrDefault(step) ?? Usual(step))(accept, stop);
            await (gate?.PassAsync($"mail: {step} done", stop) ?? Task.CompletedTask);
            return reply;
        }
    }

    private static Script Usual(string step) => (accept, _) =>
    {
        accept();
        return Task.FromResult<string?>(step switch { "QUIT" => "221 bye", "DATA" => "354 go on", _ => "250 OK" });
    };

    private static async Task<string> ReadMessageAsync(StreamReader reader, CancellationToken stop)
    {
        var message = new StringBuilder();
        while (await reader.ReadLineAsync(stop) is { } line && line != End)
        {
            message.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        // A message whose end has not come is none, and its client is gone.
        return message.ToString();
    }
}
