using System.Text.Json;

namespace DigestStore.Json;

// The JSON form of a result. The counts are there for readers of the JSON. They are ignored when a result is read from it, because they
// follow from the outcomes.
internal sealed record StoreResultDocument
{
    public StoreStatus Status { get; init; }

    public int Received { get; init; }

    public int Inserted { get; init; }

    public int Updated { get; init; }

    public int Unchanged { get; init; }

    public int Duplicates { get; init; }

    public int Rejected { get; init; }

    public int Failed { get; init; }

    public int Skipped { get; init; }

    public int DeadLettered { get; init; }

    public InputErrorDocument? InputError { get; init; }

    public IReadOnlyList<StoreProblem>? Problems { get; init; }

    public StoreCost Cost { get; init; }

    public TimeSpan Duration { get; init; }

    public string? CorrelationId { get; init; }

    public DigestQuality? Quality { get; init; }

    public required IReadOnlyList<DigestItemOutcome> Outcomes { get; init; }

    public static StoreResultDocument Of(StoreResult result) => new()
    {
        Status = result.Status,
        Received = result.Received,
        Inserted = result.Inserted,
        Updated = result.Updated,
        Unchanged = result.Unchanged,
        Duplicates = result.Duplicates,
        Rejected = result.Rejected,
        Failed = result.Failed,
        Skipped = result.Skipped,
        DeadLettered = result.DeadLettered,
        InputError = result.InputError is { } error ? InputErrorDocument.Of(error) : null,
        Problems = result.Problems,
        Cost = result.Cost,
        Duration = result.Duration,
        CorrelationId = result.CorrelationId,
        Quality = result.Quality,
        Outcomes = result.Outcomes,
    };

    public StoreResult ToResult()
    {
        if (Outcomes is null || Outcomes.Any(static outcome => !Enum.IsDefined(outcome)))
        {
            throw new JsonException($"The outcomes of a store are an array of {string.Join(", ", Enum.GetNames<DigestItemOutcome>())}; this is not an array, or has another value in it.");
        }

        if (Problems?.Any(static problem => problem is null) == true)
        {
            throw new JsonException("A problem of a store is an object with 'reason' and 'message'; one of these is null.");
        }

        return StoreResult.Create(Outcomes, new StoreResultDetails
        {
            Disabled = Status == StoreStatus.Disabled,
            DeadLettered = DeadLettered,
            InputError = InputError?.ToException(),
            Problems = Problems ?? [],
            Cost = Cost,
            Duration = Duration,
            CorrelationId = CorrelationId ?? "",
            Quality = Quality ?? DigestQuality.None,
        });
    }
}

internal sealed record InputErrorDocument(string? Type, string? Message)
{
    // An error that was itself read from JSON keeps the name of its original type.
    public static InputErrorDocument Of(Exception error) =>
        new(error is StoreInputException read ? read.OriginalType : error.GetType().FullName, error.Message);

    public StoreInputException ToException() => new(Type ?? "", Message ?? "");
}
