using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>
/// The tables of a <see cref="ScriptedEndpoint"/>. What goes in and out are copies in DynamoDB's JSON:
/// <c>{"pk":{"S":"a"},"sk":{"S":"b"},"n":{"N":"1"}}</c>.
/// </summary>
public sealed class MemoryDatabase
{
    private readonly Lock _gate = new();
    private readonly ScriptedEndpointOptions _options;
    private readonly Dictionary<string, MemoryTable> _tables = [];
    private readonly HashSet<string> _dropped = [];

    internal MemoryDatabase(ScriptedEndpointOptions options)
    {
        _options = options;
        foreach (var name in options.Tables ?? [])
        {
            _tables[name] = new MemoryTable();
        }
    }

    internal IEnumerable<string> TableNames => _tables.Keys.Order(StringComparer.Ordinal);

    /// <summary>Every item of a table in key order; none if it does not exist.</summary>
    public IReadOnlyList<JsonObject> Items(string table)
    {
        lock (_gate)
        {
            return _tables.TryGetValue(table, out var found) ? [.. found.All.Select(Copy)] : [];
        }
    }

    public JsonObject? Find(string table, string partitionKey, string sortKey)
    {
        lock (_gate)
        {
            return _tables.GetValueOrDefault(table)?.Find(new ItemKey(partitionKey, sortKey)) is { } item ? Copy(item) : null;
        }
    }

    /// <summary>Stores an item past all rules and counts, as another writer would.</summary>
    public void Put(string table, JsonObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (_gate)
        {
            ItemRules.Validate(item);
            Open(table).Put(ItemRules.KeyOf(item, _options), Copy(item));
        }
    }

    public bool Remove(string table, string partitionKey, string sortKey)
    {
        lock (_gate)
        {
            return _tables.GetValueOrDefault(table)?.Remove(new ItemKey(partitionKey, sortKey)) is not null;
        }
    }

    /// <summary>From now on the table does not exist.</summary>
    public void DropTable(string table)
    {
        lock (_gate)
        {
            _tables.Remove(table);
            _dropped.Add(table);
        }
    }

    internal Reply Process(RecordedRequest request)
    {
        lock (_gate)
        {
            try
            {
                return Reply.Of(200, Run(request.Operation, new OperationContext(this, _options, request.Body)));
            }
            catch (DynamoDbError error)
            {
                return Reply.Error(400, error.Code, error.Message, error.Item);
            }
        }
    }

    internal Reply? Validate(RecordedRequest batchWrite)
    {
        lock (_gate)
        {
            try
            {
                BatchWriteOperation.Plan(new OperationContext(this, _options, batchWrite.Body));
                return null;
            }
            catch (DynamoDbError error)
            {
                return Reply.Error(400, error.Code, error.Message);
            }
        }
    }

    internal MemoryTable Open(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw DynamoDbError.Validation("1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null");
        }

        if (_tables.TryGetValue(name, out var table))
        {
            return table;
        }

        if (_options.Tables is not null || _dropped.Contains(name))
        {
            throw new DynamoDbError("ResourceNotFoundException", "Requested resource not found");
        }

        return _tables[name] = new MemoryTable();
    }

    private static JsonObject Copy(JsonObject item) => item.DeepClone().AsObject();

    private static JsonObject Run(string operation, OperationContext context) => operation switch
    {
        "BatchWriteItem" => BatchWriteOperation.Run(context),
        "BatchGetItem" => BatchGetOperation.Run(context),
        "Query" => QueryOperation.Run(context),
        "UpdateItem" => SingleItemOperations.Update(context),
        "PutItem" => SingleItemOperations.Put(context),
        "DeleteItem" => SingleItemOperations.Delete(context),
        "GetItem" => SingleItemOperations.Get(context),
        "DescribeTable" => TableOperations.Describe(context),
        "ListTables" => TableOperations.List(context),
        _ => throw new NotSupportedException($"The scripted endpoint does not know the operation '{operation}'."),
    };
}
