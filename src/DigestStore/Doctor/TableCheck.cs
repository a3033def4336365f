using DigestStore.Telemetry;

namespace DigestStore.Doctor;

// A check is a name, a reason and a function of the facts.
internal sealed record TableCheck(string Name, string Why, Func<TableFacts, Verdict> Judge)
{
    public const string TableName = "table";
    public const string KeysName = "keys";
    public const string IndexName = "index";
    public const string ClockName = "clock";

    public DigestTableCheck Inspect(TableFacts facts)
    {
        Verdict verdict = Judge(facts);
        return new DigestTableCheck { Name = Name, Status = verdict.Status, Finding = Plain(verdict.Finding), Why = Why, Remedy = verdict.Remedy is { } remedy ? Plain(remedy) : null };
    }

    // Names that the table or its endpoint chose are in it, and it is printed on terminals.
    private static string Plain(string text) => CallNames.Clean(text, text.Length);
}
