namespace DigestStore.Testing;

/// <summary>What a clause of the contract is about.</summary>
public enum ContractTheme
{
    /// <summary>What is stored and how it comes back.</summary>
    Storing,

    /// <summary>Storing the same, more or changed items for a date that has some.</summary>
    StoringAgain,

    /// <summary>Several items of one input with the same canonical URL.</summary>
    Duplicates,

    /// <summary>Invalid items among valid ones.</summary>
    Rejecting,

    /// <summary>Collections that are missing, empty, broken, without end or changed by their owner.</summary>
    Input,

    /// <summary>Items handed in as a stream.</summary>
    Streams,

    /// <summary>The caller's token and the deadline.</summary>
    Canceling,

    /// <summary>The switch for emergencies.</summary>
    Disabling,

    /// <summary>Reading whole digests and single items.</summary>
    Reading,

    /// <summary>Deleting items.</summary>
    Deleting,

    /// <summary>Items that are kept for a time only.</summary>
    Expiry,

    /// <summary>Which URLs are the same page, also after the rules were changed.</summary>
    Identity,

    /// <summary>Several calls at once.</summary>
    Concurrency,

    /// <summary>What a result, its problems and the progress say.</summary>
    Reporting,

    /// <summary>
    /// How many requests DynamoDB gets. A repository over another storage can leave these clauses out, see
    /// <see cref="ContractClause.CountsRequests"/>.
    /// </summary>
    Requests,
}
