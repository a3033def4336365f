namespace RestoreDrill;

internal sealed record DrillPlan
{
    public Uri? Endpoint { get; init; }

    public string? Template { get; init; }

    // Over all days.
    public int Items { get; init; } = 2_800;

    public int Days { get; init; } = 14;

    public int ItemsOfADay => Math.Max(1, Items / Days);
}
