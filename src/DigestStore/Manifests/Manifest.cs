namespace DigestStore.Manifests;

internal enum ManifestState
{
    // Announced: the email may have been sent, and nobody has confirmed it yet.
    Sending,

    Delivered,

    // The day was deleted. What was sent on it is still known.
    Deleted,

    // An operator knows that the email was not sent.
    Unsent,
}

// What was sent on one day, or may have been sent.
internal sealed record Manifest
{
    // The rules of a manifest whose ids were made with several sets of rules. No set of rules has this fingerprint.
    public const string MixedRules = "mixed";

    public required DateOnly Date { get; init; }

    // The fence of the sender who wrote it. 0 if it cannot be read.
    public required long Fence { get; init; }

    public required ManifestState State { get; init; }

    // The state that the newest attempt found, if no email of the day was open then: a deleted day that is sent anew, for example. Null if one
    // was, or if there was no manifest.
    public ManifestState? PreviousState { get; init; }

    public string? MessageId { get; init; }

    // The fingerprint of the identity rules with which the ids were made.
    public string? IdRules { get; init; }

    // The ids of the newest attempt. Empty if that attempt is known to have failed.
    public DigestItemIdSet Ids { get; init; } = DigestItemIdSet.Empty;

    // The ids of all attempts before it that have not certainly failed.
    public DigestItemIdSet PriorIds { get; init; } = DigestItemIdSet.Empty;

    // How many ids the first part says that there are. Null if it does not say so, or if there is no manifest yet.
    public long? IdCount { get; init; }

    // The same of the prior ids.
    public long? PriorCount { get; init; }

    // False if a part is missing or damaged, so that more may have been sent than the ids say.
    public bool IsComplete { get; init; } = true;

    // A newer version of the library wrote it, so nothing of it can be interpreted.
    public bool IsNewer { get; init; }

    // Whether the email may have been sent without anybody knowing it for certain.
    public bool IsUnsettled => !IsComplete || (State == ManifestState.Sending && Ids.Count + PriorIds.Count > 0);

    public bool HasContentOf(Manifest other) =>
        Fence == other.Fence && State == other.State && Ids.SequenceEqual(other.Ids) && PriorIds.SequenceEqual(other.PriorIds);

    // With ids of earlier attempts of which nobody knows whether they were sent. A known failure of the newest attempt must not settle them.
    public Manifest Opened() => this with { State = State == ManifestState.Delivered ? State : ManifestState.Sending, PreviousState = null };

    // What two stores know of one day. The confirmed manifest stays, whatever the fences are, because those of two stores cannot be compared and
    // its email must not go out again. If neither is confirmed, that of the newest sender stays. The other's ids count as those of earlier
    // attempts. The result is this manifest itself if the other one adds nothing.
    public Manifest MergedWith(Manifest other)
    {
        if (IsComplete == other.IsComplete && HasContentOf(other) && string.Equals(IdRules, other.IdRules, StringComparison.Ordinal))
        {
            return this;
        }

        (bool isConfirmed, bool isOtherConfirmed) = (IsConfirmedBeside(other), other.IsConfirmedBeside(this));
        bool isOtherNewer = State != ManifestState.Delivered && (other.Fence > Fence || (other.Fence == Fence && other.State == ManifestState.Delivered));
        bool isOtherMain = isConfirmed == isOtherConfirmed ? isOtherNewer : isOtherConfirmed;
        (Manifest main, Manifest rest) = isOtherMain ? (other, this) : (this, other);
        var missing = DigestItemIdSet.Of(rest.Ids.Concat(rest.PriorIds).Where(id => !main.Ids.Contains(id) && !main.PriorIds.Contains(id)));
        bool isComparable = missing.Count == 0 || string.Equals(main.IdRules, rest.IdRules, StringComparison.Ordinal);
        bool areComplete = main.IsComplete && rest.IsComplete;
        Manifest opened = !areComplete || (missing.Count > 0 && rest.IsUnsettled) ? main.Opened() : main;
        Manifest merged = opened with
        {
            // Further parts that are there have the fence of this manifest, and are only replaced by those of a fence that is not smaller.
            Fence = isOtherMain ? Math.Max(main.Fence, rest.Fence) : main.Fence,

            // More may have been sent than an incomplete manifest says.
            State = isConfirmed || isOtherConfirmed || areComplete ? opened.State : ManifestState.Sending,
            IdRules = isComparable ? main.IdRules : main.Ids.Count + main.PriorIds.Count == 0 ? rest.IdRules : MixedRules,
            PriorIds = main.PriorIds.Union(missing),
        };
        return merged.HasContentOf(this) && string.Equals(merged.IdRules, IdRules, StringComparison.Ordinal) ? this : merged;
    }

    // The same for the attempts before the one that has this fence. What that one has announced itself says nothing about them.
    public bool IsUnsettledBefore(long fence) =>
        Fence == fence && State == ManifestState.Sending ? !IsComplete || (PreviousState is null && PriorIds.Count > 0) : IsUnsettled;

    // What the attempt before announced. If it is known to have failed, what those before it announced.
    public IReadOnlyList<DigestItemId> AnnouncedBefore(long fence) => [.. Fence != fence && Ids.Count > 0 ? Ids : PriorIds];

    // Whether it is certain that the email was sent, and the other side has not deleted the day since.
    private bool IsConfirmedBeside(Manifest other) =>
        IsComplete && State == ManifestState.Delivered && !(other.Fence > Fence && (other.State == ManifestState.Deleted || other.PreviousState == ManifestState.Deleted));
}
