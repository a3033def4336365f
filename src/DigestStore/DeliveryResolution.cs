using DigestStore.Delivery;

namespace DigestStore;

/// <summary>What an operator has found out or decided about the email of a day.</summary>
/// <param name="Kind">The decision.</param>
public sealed record DeliveryResolution(DeliveryResolutionKind Kind)
{
    /// <summary>Whether it is recorded even while a sender holds the lease. A second email is possible then.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool Force { get; init; }

    /// <summary>Words for operators, kept with a day that is given up.</summary>
    /// <value>Default: empty. Cut and cleaned as <see cref="DeliveryFailure.Reason"/> is.</value>
    public string Reason { get; init => field = DeliveryRules.Cut(value, DeliveryRules.MaxReasonBytes) ?? ""; } = "";

    /// <summary>The name of the operator, for the audit.</summary>
    /// <value>Default <see langword="null"/>: <see cref="DigestStoreOptions.Caller"/>.</value>
    public string? Caller { get; init; }
}
