using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace DigestStore.TestSupport;

public sealed partial class Fault
{
    /// <summary>A bare status such as 429 or 503, with an empty body or a page of HTML as proxies send it; nothing is applied.</summary>
    public static Fault Status(int status, string html = "")
    {
        return Answer(new Reply { Status = status, ContentType = "text/html", Body = Encoding.UTF8.GetBytes(html), Headers = NoChecksum });
    }

    /// <summary>A 200 without a body; nothing is applied.</summary>
    public static Fault Empty200() => Answer(new Reply { Status = 200, Headers = NoChecksum });

    /// <summary>A 200 with any text as JSON, such as <c>{}</c>, wrong types or deep nesting; nothing is applied.</summary>
    public static Fault Json(string body) => Answer(new Reply { Status = 200, Body = Encoding.UTF8.GetBytes(body) });

    /// <summary>The healthy answer, cut in half as text but with a matching length; it took effect.</summary>
    public static Fault TruncatedJson() => Rewrite(reply => reply with { Body = reply.Body[..(reply.Body.Length / 2)], Headers = NoChecksum });

    /// <summary>Sends the client to another place.</summary>
    public static Fault Redirect(Uri location, int status = 307)
    {
        ArgumentNullException.ThrowIfNull(location);
        return Answer(new Reply { Status = status, Headers = new Dictionary<string, string?> { ["Location"] = location.AbsoluteUri, ["x-amz-crc32"] = null } });
    }

    /// <summary>The healthy answer with headers replaced; null takes one away.</summary>
    public static Fault Headers(params (string Name, string? Value)[] headers)
    {
        return Rewrite(reply => reply with { Headers = headers.ToDictionary(header => header.Name, header => header.Value) });
    }

    /// <summary>The healthy answer with a checksum that does not fit it.</summary>
    public static Fault WrongChecksum()
    {
        return Rewrite(reply => reply with
        {
            Headers = new Dictionary<string, string?> { ["x-amz-crc32"] = (Crc32.HashToUInt32(reply.Body) ^ 1).ToString(CultureInfo.InvariantCulture) },
        });
    }

    /// <summary>The healthy answer without a checksum, which is legal.</summary>
    public static Fault NoChecksumHeader() => Rewrite(reply => reply with { Headers = NoChecksum });

    /// <summary>An error with a <c>Date</c> that is off by that much, as a machine with a wrong clock meets it.</summary>
    public static Fault ClockSkew(TimeSpan serverIsAhead, string code = "RequestTimeTooSkewed")
    {
        return new Fault((exchange, stop) => exchange.SendAsync(
            Reply.Error(400, code, "Signature expired") with
            {
                Headers = new Dictionary<string, string?> { ["Date"] = (exchange.Time.GetUtcNow() + serverIsAhead).ToString("R", CultureInfo.InvariantCulture) },
            },
            stop));
    }

    private static Dictionary<string, string?> NoChecksum => new() { ["x-amz-crc32"] = null };
}
