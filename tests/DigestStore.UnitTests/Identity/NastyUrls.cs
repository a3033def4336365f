using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Identity;

internal static class NastyUrls
{
    private static readonly string[] Pieces =
    [
        "http", "https", "HTTP", "ftp", ":", "//", "/", "\\", "?", "#", "#!", "#/", "@", "&", "&&", "=", "%", "%2", "%2e", "%2E%2e", "%41", "%2F", "%c3%A9",
        "%4%31", "%25", "%ff", ".", "..", "/./", "/../", "www.", "www.www.", "WWW.", "example", "example.com", "com", "xn--", "xn--bcher-kva", "b\u00fccher",
        "\u4f60\u597d", "\u3002", "\uff27\uff4f", "\u0130", "\u00df", "\u200b", "\u200d", "\u202e", "\u00ad", "\ufeff", "\ufffe", "e\u0301", "\U0001f4a9", "\ud83d",
        "\ude00", "\0", "\t", "\n", " ", "\u00a0", "\u007f", "[", "]", "[::1]", "[1:2:3:4:5:6:7:8]", "[::ffff:1.2.3.4]", "10.0.0.1", ":80", ":443", ":8080", ":65536",
        "utm_source=x", "fbclid", "a=1", "b=2", "a", "index.html", "+", "{0}", "|", "<", "\"", "'", "*", ";", ",", "~", "$", "!",
    ];

    private static readonly string[] Starts = ["", "", "http://", "https://", "https://example.com", "http://www.example.com/", "https://example.com/?", " https://example.com/#", "https:", "//"];

    public static Gen<string> Any { get; } =
        from start in Gen.Elements(Starts)
        from middle in Gen.Elements(Pieces).ListOf()
        from noise in Gen.Frequency((4, Gen.Constant("")), (1, ArbMap.Default.GeneratorFor<string>().Select(static text => text ?? "")))
        from times in Gen.Frequency((9, Gen.Constant(1)), (1, Gen.Choose(2, 60)))
        select start + string.Concat(Enumerable.Repeat(string.Concat(middle), times)) + noise;
}
