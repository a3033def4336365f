namespace Mutate;

// One change of the code. The text of the key must survive edits elsewhere in the file: it names no line.
internal sealed record Mutant(int Id, string File, int Line, string Member, string Original, string Replacement, int Occurrence)
{
    public string Folder => File[..File.LastIndexOf('/')];

    // Of a folder, or of a file alone.
    public bool IsIn(string folder) => File == folder || File.StartsWith(folder + "/", StringComparison.Ordinal);

    public string Key => $"{File} | {Member} | {Original} | {Replacement}" + (Occurrence > 1 ? $" | #{Occurrence}" : "");
}

internal enum Verdict
{
    Killed,
    TimedOut,
    Survived,
    NotCovered,
}

internal sealed record Outcome(Mutant Mutant, Verdict Verdict, string? KilledBy = null)
{
    public bool IsKilled => Verdict is Verdict.Killed or Verdict.TimedOut;
}
