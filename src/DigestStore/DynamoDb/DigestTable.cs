using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore;

/// <summary>Creates the table, for development and tests; production creates it by infrastructure as code.</summary>
public static class DigestTable
{
    private const int MaxPolls = 300;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Creates the table of <paramref name="options"/> unless it exists, waits until it is ready, checks its keys and its index, and switches its
    /// time to live on.
    /// </summary>
    /// <param name="client">The client to use.</param>
    /// <param name="options">Where the table's name is taken from.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="true"/> when the table was created, <see langword="false"/> when it was there already.</returns>
    /// <remarks>
    /// The table has on-demand capacity, the keys <c>pk</c> and <c>sk</c>, the sparse index <c>by-status</c>, time to live on <c>expiresAt</c>,
    /// and on AWS a stream of new images. It is safe to call this again. On a local engine (any endpoint that is not one of AWS's) the table gets
    /// no stream: nothing of the library reads it, and DynamoDB Local becomes slow with it.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="DigestStoreException">The table has other keys, lacks the index, has its time to live on another attribute, or did not become ready within a minute.</exception>
    /// <exception cref="AmazonDynamoDBException">DynamoDB refused a request, for example for want of a permission.</exception>
    public static async Task<bool> EnsureCreatedAsync(IAmazonDynamoDB client, DigestStoreOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        bool created = await CreateAsync(client, options.TableName, cancellationToken).ConfigureAwait(false);
        TableDescription table = await WaitUntilActiveAsync(client, options.TableName, cancellationToken).ConfigureAwait(false);
        ThrowIfMismatched(table);
        await EnableTimeToLiveAsync(client, options.TableName, cancellationToken).ConfigureAwait(false);
        return created;
    }

    private static async Task<bool> CreateAsync(IAmazonDynamoDB client, string tableName, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = tableName,
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    AttributeDefinitions = [Attribute(N.Pk), Attribute(N.Sk), Attribute(N.StatusIndexPk), Attribute(N.StatusIndexSk)],
                    KeySchema = Keys(N.Pk, N.Sk),
                    GlobalSecondaryIndexes =
                    [
                        new GlobalSecondaryIndex
                        {
                            IndexName = N.StatusIndex,
                            KeySchema = Keys(N.StatusIndexPk, N.StatusIndexSk),
                            Projection = new Projection { ProjectionType = ProjectionType.ALL },
                        },
                    ],
                    StreamSpecification = IsOnAws(client) ? new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_IMAGE } : null,
                },
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ResourceInUseException)
        {
            return false;
        }
    }

    // DynamoDB Local keeps every record of a stream in one queue, and after some minutes of writing it hardly answers any more.
    private static bool IsOnAws(IAmazonDynamoDB client) =>
        client.Config.ServiceURL is not { Length: > 0 } url ||
        (Uri.TryCreate(url, UriKind.Absolute, out Uri? endpoint) &&
            (endpoint.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase) || endpoint.Host.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase)));

    private static async Task<TableDescription> WaitUntilActiveAsync(IAmazonDynamoDB client, string tableName, CancellationToken cancellationToken)
    {
        for (int poll = 0; poll < MaxPolls; poll++)
        {
            TableDescription? table = await DescribeAsync(client, tableName, cancellationToken).ConfigureAwait(false);
            bool indexesReady = table?.GlobalSecondaryIndexes?.TrueForAll(index => index.IndexStatus is null || index.IndexStatus == IndexStatus.ACTIVE) ?? true;
            if (table?.TableStatus == TableStatus.ACTIVE && indexesReady)
            {
                return table!;
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }

        throw new DigestStoreException(DigestStoreErrorReason.TableNotFound, $"Table '{tableName}' did not become ready within {MaxPolls * PollInterval}. Look at its status in DynamoDB, then try again.");
    }

    // Right after a table was created, DynamoDB may answer that it does not exist, because its answers are eventually consistent.
    private static async Task<TableDescription?> DescribeAsync(IAmazonDynamoDB client, string tableName, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.DescribeTableAsync(new DescribeTableRequest { TableName = tableName }, cancellationToken).ConfigureAwait(false)).Table;
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    private static void ThrowIfMismatched(TableDescription table)
    {
        bool hasKeys = HasKeys(table.KeySchema, N.Pk, N.Sk);
        bool hasIndex = table.GlobalSecondaryIndexes?.Exists(index =>
            string.Equals(index.IndexName, N.StatusIndex, StringComparison.Ordinal) && HasKeys(index.KeySchema, N.StatusIndexPk, N.StatusIndexSk)) ?? false;
        if (!hasKeys || !hasIndex)
        {
            throw new DigestStoreException(
                DigestStoreErrorReason.TableMismatch,
                $"Table '{table.TableName}' exists, but {(hasKeys ? $"lacks the index '{N.StatusIndex}'" : $"its keys are not '{N.Pk}' and '{N.Sk}'")}. Choose another TableName, or delete the table if nothing needs it.");
        }
    }

    private static async Task EnableTimeToLiveAsync(IAmazonDynamoDB client, string tableName, CancellationToken cancellationToken)
    {
        try
        {
            DescribeTimeToLiveResponse current = await client.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = tableName }, cancellationToken).ConfigureAwait(false);
            TimeToLiveStatus? status = current.TimeToLiveDescription?.TimeToLiveStatus;
            if (status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING)
            {
                ThrowIfMismatched(tableName, current.TimeToLiveDescription!.AttributeName);
                return;
            }

            await client.UpdateTimeToLiveAsync(
                new UpdateTimeToLiveRequest
                {
                    TableName = tableName,
                    TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = N.ExpiresAt, Enabled = true },
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonDynamoDBException exception) when (exception.ErrorCode is "UnknownOperationException")
        {
            // Some local engines do not support time to live. Reads leave out expired items all the same.
        }
        catch (AmazonDynamoDBException exception) when (exception.ErrorCode is "ValidationException" && exception.Message.Contains("already enabled", StringComparison.OrdinalIgnoreCase))
        {
            // Another process switched it on in the meantime.
        }
    }

    private static void ThrowIfMismatched(string tableName, string timeToLive)
    {
        if (!string.Equals(timeToLive, N.ExpiresAt, StringComparison.Ordinal))
        {
            throw new DigestStoreException(
                DigestStoreErrorReason.TableMismatch,
                $"Table '{tableName}' has its time to live on '{timeToLive}', but it must be on '{N.ExpiresAt}'. Change it, or choose another TableName.");
        }
    }

    private static AttributeDefinition Attribute(string name) => new(name, ScalarAttributeType.S);

    private static List<KeySchemaElement> Keys(string partitionKey, string sortKey) => [new(partitionKey, KeyType.HASH), new(sortKey, KeyType.RANGE)];

    private static bool HasKeys(List<KeySchemaElement>? schema, string partitionKey, string sortKey) =>
        schema is { Count: 2 } &&
        schema.Exists(key => string.Equals(key.AttributeName, partitionKey, StringComparison.Ordinal) && key.KeyType == KeyType.HASH) &&
        schema.Exists(key => string.Equals(key.AttributeName, sortKey, StringComparison.Ordinal) && key.KeyType == KeyType.RANGE);
}
