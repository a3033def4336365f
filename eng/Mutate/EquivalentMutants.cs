namespace Mutate;

// The survivors that no test can notice, each below the reason for it. A line that starts with '#' is a remark, one with '=' a reason,
// every other the key of a mutant.
internal sealed class EquivalentMutants
{
    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    public static EquivalentMutants Read(string file)
    {
        var list = new EquivalentMutants();
        string? reason = null;
        foreach (string line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            if (line.StartsWith('='))
            {
                reason = line[1..].Trim();
            }
            else if (!line.StartsWith('#') && !string.IsNullOrWhiteSpace(line))
            {
                list._reasons[line.Trim()] = reason ?? throw new InvalidDataException($"{file}: a mutant stands above the first reason: {line}");
            }
        }

        return list;
    }

    public bool Contains(string key) => _reasons.ContainsKey(key);

    public string? ReasonFor(Mutant mutant) => _reasons.GetValueOrDefault(mutant.Key);

    // Entries that match no mutant any more are told, so that the list does not rot.
    public IEnumerable<string> Unknown(string folder, IEnumerable<Mutant> mutants) =>
        _reasons.Keys.Where(key => key.StartsWith(folder + "/", StringComparison.Ordinal) || key.StartsWith(folder + " ", StringComparison.Ordinal)).Except(mutants.Select(mutant => mutant.Key));
}
