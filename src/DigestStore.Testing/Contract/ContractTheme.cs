namespace DigestStore.Testing;

/// <summary>What a clause of the contract is about.</summary>
public enum ContractTheme
{
    /// <summary>What is stored and how it comes back.</summary>
    Storing = 0,

    /// <summary>Storing the same, more or changed items for a date that has some.</summary>
    StoringAgain = 1,

    /// <summary>Several items of one input with the same canonical URL.</summary>
    Duplicates = 2,

    /// <summary>Invalid items among valid ones.</summary>
    Rejecting = 3,

    /// <summary>Collections that are missing, empty, broken, without end or changed by their owner.</summary>
    Input = 4,

    /// <summary>Items handed in as a stream.</summary>
    Streams = 5,

    /// <summary>The caller's token and the deadline.</summary>
    Canceling = 6,

    /// <summary>Repositories that <see cref="DigestStoreOptions.Enabled"/> has switched off.</summary>
    Disabling = 7,

    /// <summary>Reading whole digests and single items.</summary>
    Reading = 8,

    /// <summary>Deleting items.</summary>
    Deleting = 9,

    /// <summary>Items that are kept for a time only.</summary>
    Expiry = 10,

    /// <summary>Which URLs are the same page, also after the rules were changed.</summary>
    Identity = 11,

    /// <summary>Several calls at once.</summary>
    Concurrency = 12,

    /// <summary>What a result, its problems and the progress say.</summary>
    Reporting = 13,

    /// <summary>
    /// How many requests DynamoDB gets. A repository over another storage can leave these clauses out, see
    /// <see cref="ContractClause.CountsRequests"/>.
    /// </summary>
    Requests = 14,

    /// <summary>Who sends the email of a day, and what is recorded about it. It applies to subjects with an <see cref="IDigestDelivery"/>.</summary>
    Delivery = 15,

    /// <summary>What was sent before, lists and ranges of days, and the deletion of a day. It applies to subjects with an <see cref="IDigestHistory"/>; clauses about what was sent need an <see cref="IDigestDelivery"/> as well.</summary>
    History = 16,
}
