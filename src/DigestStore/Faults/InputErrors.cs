
namespace DigestStore.Faults;

// The exceptions of StoreResult.InputError for an input that was not read to its end, although it threw nothing itself.
internal static class InputErrors
{
    public static Exception EndedEarly(StoreProblemReason endReason) => endReason switch
    {
        StoreProblemReason.Canceled => new OperationCanceledException("The input was not read to its end: the caller ended the store. What was read has its outcomes."),
        StoreProblemReason.Disposed => new ObjectDisposedException(nameof(DigestRepository), "The input was not read to its end: the repository was disposed. What was read has its outcomes."),
        _ => new TimeoutException("The input was not read to its end: the store's deadline came first. What was read has its outcomes; allow more time with Deadline, or hand slow sources in as an IAsyncEnumerable."),
    };

    public static Exception NoEnumerator() => new InvalidOperationException(
        "The input gave null instead of an enumerator, so nothing of it was read. Correct its GetEnumerator or GetAsyncEnumerator.");

    public static Exception Broken() => new InvalidOperationException(
        "The input was not read to its end: an error inside the library ended the call (event 110 has the type of the error). What was read has its outcomes.");

    public static Exception TooMany(int maxItems) => new InvalidOperationException(
        $"The input has more than {maxItems} items, the limit of {nameof(DigestStoreOptions)}.{nameof(DigestStoreOptions.MaxItems)}; the first {maxItems} were handled. Raise the limit, or hand the input in as an IAsyncEnumerable.");
}
