using DigestStore.Table;

namespace DigestStore.Faults;

// Why items fail, told once for all that share it. The message is made only for the problems that are reported, whose number is bounded.
internal sealed record FailureCause(StoreProblemReason Reason, TableFault? Fault = null, string Action = "", string Table = "")
{
    // Says more than the message that belongs to the reason.
    public string? Message { get; init; }

    // An item that may be stored fails for another reason than the cause, and so has another message.
    public string MessageFor(StoreProblemReason reason) => reason == Reason && Message is not null ? Message : ProblemMessages.Of(reason, Fault, Action, Table);
}
