namespace DigestStore.DeadLetters;

// What a repository of ours offers to a replay beyond IDigestRepository.
internal interface IReplayTarget
{
    // The table and digest whose letters it can take.
    (string Table, string Digest) ReplayScope();

    Task<ReplayedDay> ReplayAsync(DateOnly date, IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);
}

internal sealed record ReplayedDay(int Superseded, int Rejected, IReadOnlyList<DeadLetter> Kept);
