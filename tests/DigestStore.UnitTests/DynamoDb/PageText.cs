using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.DynamoDb;

// All that a page says, as a text: two readers of a page are compared by it.
internal static class PageText
{
    public static string Of(PageReply? page)
    {
        if (page is null or { Fault: not null })
        {
            return $"{page?.Fault}";
        }

        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{page.Header?.IdRules} {page.Header?.NextOrdinal} {page.Header?.ExpiresAt} {page.Header?.IsNewer}")
            .AppendLine(CultureInfo.InvariantCulture, $"{page.UnknownRecords} {page.Next} {page.Units} {page.RequestId}");
        foreach (ItemRecord record in page.Items)
        {
            DigestItem? item = record.Stored?.Item;
            text.AppendLine(CultureInfo.InvariantCulture, $"{record.Id} {record.State} {record.ContentHash} {record.Stored?.Date} {record.Stored?.CanonicalUrl} {record.Stored?.CreatedAt:O} {record.Stored?.UpdatedAt:O}")
                .AppendLine(CultureInfo.InvariantCulture, $"{record.Stored?.Revision} {record.Stored?.Ordinal} {record.Stored?.ExpiresAt} {item?.Url} {item?.Title} {item?.Summary} {item?.Source} {item?.Category} {item?.Author} {item?.PublishedAt:O}")
                .AppendJoin('|', item?.Tags ?? []).AppendJoin('|', item?.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, string>>())
                .AppendLine(Of(record.Unknown?.Values));
        }

        return text.ToString();
    }

    private static string Of(Dictionary<string, AttributeValue>? map) =>
        map is null ? "-" : "{" + string.Join(",", map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Of(pair.Value)}")) + "}";

    private static string Of(AttributeValue value) => string.Join(
        ';', $"S{value.S}", $"N{value.N}", $"B{(value.B is null ? "-" : Convert.ToHexString(value.B.ToArray()))}", value.BOOL, value.NULL,
        value.IsMSet ? Of(value.M) : "-", value.IsLSet ? $"[{string.Join(',', value.L.Select(Of))}]" : "-",
        $"SS{(value.SS is null ? "-" : string.Join(',', value.SS))}", $"NS{(value.NS is null ? "-" : string.Join(',', value.NS))}",
        $"BS{(value.BS is null ? "-" : string.Join(',', value.BS.Select(bytes => bytes.Length)))}");
}
