using System.Text;

namespace DigestStore.CloudWatch;

// Console.Out is not used, because Lambda's runtime for .NET replaces it by a writer that puts time, request id and level before every line.
// A line that fits into the buffer reaches the operating system in one write.
internal static class StandardOutput
{
    private const int BufferSize = 64 * 1024;

    private static readonly Lazy<TextWriter> Shared = new(static () => TextWriter.Synchronized(
        new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize) { AutoFlush = true }));

    public static TextWriter Writer => Shared.Value;
}
