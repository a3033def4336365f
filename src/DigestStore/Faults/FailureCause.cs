using DigestStore.Table;

namespace DigestStore.Faults;

// Why items failed. Items that failed together share one object. The text of the message is made only for the problems that are reported,
// because their number is limited and the number of items is not.
internal sealed record FailureCause(StoreProblemReason Reason, TableFault? Fault = null, string Action = "", string Table = "")
{
    // Set when more is known than the standard message of the reason says.
    public string? Message { get; init; }

    // An item that may have been stored is reported as OutcomeUnknown, whatever the cause is. The message of the cause does not fit that
    // reason, so the standard message is used.
    public string MessageFor(StoreProblemReason reason) => reason == Reason && Message is not null ? Message : ProblemMessages.Of(reason, Fault, Action, Table);
}
