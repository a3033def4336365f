using DigestStore.Telemetry;

namespace DigestStore.Doctor;

// One check of the doctor. It judges the facts and sends no requests.
internal sealed record TableCheck(string Name, string Why, Func<TableFacts, Verdict> Judge)
{
    public const string TableName = "table";
    public const string KeysName = "keys";
    public const string IndexName = "index";
    public const string ClockName = "clock";

    public DigestTableCheck Inspect(TableFacts facts)
    {
        Verdict verdict = Judge(facts);
        return new DigestTableCheck { Name = Name, Status = verdict.Status, Finding = Printable(verdict.Finding), Why = Why, Remedy = verdict.Remedy is { } remedy ? Printable(remedy) : null };
    }

    // Findings contain names that the table or its endpoint chose, and are printed on terminals, so they must not have control characters.
    private static string Printable(string text) => CallNames.Clean(text, text.Length);
}
