using System.Text;

namespace DigestStore.CloudWatch;

// Past Console.Out, which Lambda's runtime for .NET replaces by a writer that puts time, request id and level before every line; and
// a line that fits the buffer reaches the system in one piece.
internal static class StandardOutput
{
    private const int BufferSize = 64 * 1024;

    private static readonly Lazy<TextWriter> Shared = new(static () => TextWriter.Synchronized(
        new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize) { AutoFlush = true }));

    public static TextWriter Writer => Shared.Value;
}
