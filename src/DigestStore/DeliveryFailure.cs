using DigestStore.Delivery;

namespace DigestStore;

/// <summary>Why an attempt to send an email failed.</summary>
/// <param name="Kind">What is known about it.</param>
/// <param name="Reason">
/// Words for operators, without any content of the email. They are kept with the day; whatever is not printable ASCII becomes a space, and what does not fit into 256 bytes with the kind
/// is cut off.
/// </param>
public sealed record DeliveryFailure(DeliveryFailureKind Kind, string Reason = "")
{
    /// <summary>What is known about it.</summary>
    /// <value>A value that is none of the enumeration says nothing, so it becomes <see cref="DeliveryFailureKind.Uncertain"/>.</value>
    public DeliveryFailureKind Kind { get; init => field = DeliveryStates.Known(value); } = DeliveryStates.Known(Kind);

    /// <summary>Words for operators.</summary>
    /// <value>Default: empty.</value>
    public string Reason { get; init => field = DeliveryRules.Cut(value, DeliveryRules.MaxReasonBytes) ?? ""; } = DeliveryRules.Cut(Reason, DeliveryRules.MaxReasonBytes) ?? "";
}
