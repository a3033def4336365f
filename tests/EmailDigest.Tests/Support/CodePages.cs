using System.Runtime.CompilerServices;
using System.Text;

namespace EmailDigest.Tests.Support;

internal static class CodePages
{
    // AngleSharp looks up all encodings once, when a test first uses it. The sample registers them before that, but a test may come first.
    [ModuleInitializer]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
