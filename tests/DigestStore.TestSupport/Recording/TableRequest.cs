using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace DigestStore.TestSupport;

/// <summary>A request of DynamoDB as a policy sees it.</summary>
/// <param name="Caller">What the library was doing, as in <c>digeststore.operation</c>, or the type of the library that asked.</param>
/// <param name="Action">The action of IAM, without <c>dynamodb:</c>.</param>
/// <param name="Resource"><see cref="Table"/>, <c>index/</c> and a name, or <see cref="Account"/>.</param>
public sealed record TableRequest(string Caller, string Action, string Resource)
{
    /// <summary>How files of recordings end.</summary>
    public const string FileExtension = ".requests";

    /// <summary>The table that the caller was told to use; its name does not matter.</summary>
    public const string Table = "table";

    /// <summary>No table in particular.</summary>
    public const string Account = "account";

    private const string Suffix = "Request";

    /// <summary>One line.</summary>
    /// <returns>Caller, action and resource.</returns>
    public override string ToString() => $"{Caller} {Action} {Resource}";

    /// <summary>The opposite of <see cref="ToString"/>.</summary>
    /// <param name="line">A line.</param>
    /// <returns>The request.</returns>
    /// <exception cref="FormatException">The line is none.</exception>
    public static TableRequest Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Split(' ') is [var caller, var action, var resource]
            ? new TableRequest(caller, action, resource)
            : throw new FormatException($"'{line}' is no recorded request: a caller, an action and a resource are expected, with one space between.");
    }

    // The name of an operation is that of its action, but for transactions, which need the actions of their parts.
    internal static IEnumerable<TableRequest> Of(string caller, AmazonWebServiceRequest request) => request switch
    {
        TransactWriteItemsRequest transaction => transaction.TransactItems.SelectMany(Parts).Select(part => new TableRequest(caller, part, Table)),
        TransactGetItemsRequest => [new(caller, "GetItem", Table)],
        QueryRequest { IndexName.Length: > 0 } query => [new(caller, "Query", $"index/{query.IndexName}")],
        ScanRequest { IndexName.Length: > 0 } scan => [new(caller, "Scan", $"index/{scan.IndexName}")],
        _ => [new(caller, request.GetType().Name[..^Suffix.Length], NamesTable(request) ? Table : Account)],
    };

    private static IEnumerable<string> Parts(TransactWriteItem item)
    {
        (object? Part, string Action)[] parts = [(item.Put, "PutItem"), (item.Update, "UpdateItem"), (item.Delete, "DeleteItem"), (item.ConditionCheck, "ConditionCheckItem")];
        return parts.Where(static part => part.Part is not null).Select(static part => part.Action);
    }

    private static bool NamesTable(AmazonWebServiceRequest request) => request.GetType() is var type && (type.GetProperty("TableName") ?? type.GetProperty("RequestItems")) is not null;
}
