namespace DigestStore.Doctor;

internal readonly record struct Verdict(DigestTableCheckStatus Status, string Finding, string? Remedy = null)
{
    public static Verdict Ok(string finding) => new(DigestTableCheckStatus.Ok, finding);

    public static Verdict Warning(string finding, string remedy) => new(DigestTableCheckStatus.Warning, finding, remedy);

    public static Verdict Problem(string finding, string remedy) => new(DigestTableCheckStatus.Problem, finding, remedy);

    public static Verdict NotKnown(string finding) => new(DigestTableCheckStatus.NotKnown, finding);
}
