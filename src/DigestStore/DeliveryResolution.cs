using DigestStore.Delivery;

namespace DigestStore;

/// <summary>What an operator has found out or decided about the email of a day.</summary>
/// <param name="Kind">The decision.</param>
public sealed record DeliveryResolution(DeliveryResolutionKind Kind)
{
    /// <summary>The decision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public DeliveryResolutionKind Kind { get; init => field = Checked(value); } = Checked(Kind);

    /// <summary>Whether it is recorded even while a sender holds the lease. A second email is possible then.</summary>
    /// <value>Default <see langword="false"/>. It changes nothing for <see cref="DeliveryResolutionKind.MarkUnsent"/>.</value>
    public bool Force { get; init; }

    /// <summary>Words for operators, kept with a day that is given up or was not sent.</summary>
    /// <value>Default: empty. Cut and cleaned as <see cref="DeliveryFailure.Reason"/> is.</value>
    public string Reason { get; init => field = DeliveryRules.Cut(value, DeliveryRules.MaxReasonBytes) ?? ""; } = "";

    /// <summary>The name of the operator, for the audit.</summary>
    /// <value>Default <see langword="null"/>: <see cref="DigestStoreOptions.Caller"/>.</value>
    public string? Caller { get; init; }

    private static DeliveryResolutionKind Checked(DeliveryResolutionKind kind) => Enum.IsDefined(kind)
        ? kind
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, $"{kind} is no decision. Take one of {string.Join(", ", Enum.GetNames<DeliveryResolutionKind>())}.");
}
