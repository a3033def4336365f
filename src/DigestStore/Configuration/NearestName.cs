namespace DigestStore.Configuration;

// Finds the option that was probably meant by an unknown name.
internal static class NearestName
{
    private const int MaxShortNameLength = 6;
    private const string NameSuffix = "NAME";

    // Null means that no name is similar enough. Other code may keep its own settings in the same section, so an unknown name alone is no mistake.
    public static string? Of(string written, IEnumerable<string> names)
    {
        string normalized = Normalize(written);
        return names
            .SelectMany(static name => Spellings(name).Select(spelling => (Name: name, Spelling: spelling)))
            .Select(candidate => (candidate.Name, candidate.Spelling.Length, Distance: Distance(normalized, candidate.Spelling)))
            .Where(candidate => candidate.Distance <= (Math.Min(normalized.Length, candidate.Length) <= MaxShortNameLength ? 1 : 2))
            .OrderBy(static candidate => candidate.Distance)
            .Select(static candidate => candidate.Name)
            .FirstOrDefault();
    }

    // A name is also compared without its ending, because TableName is often written as Table, and DigestName as Digest.
    private static string[] Spellings(string name)
    {
        string normalized = Normalize(name);
        return normalized.EndsWith(NameSuffix, StringComparison.Ordinal) ? [normalized, normalized[..^NameSuffix.Length]] : [normalized];
    }

    // Case and punctuation are ignored, because other systems write TableName as table_name or TABLE-NAME.
    private static string Normalize(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // The edit distance of optimal string alignment: how many letters have to be inserted, removed, replaced or swapped with their neighbour to
    // make one text of the other.
    private static int Distance(string left, string right)
    {
        var beforeLast = new int[right.Length + 1];
        int[] last = [.. Enumerable.Range(0, right.Length + 1)];
        for (int row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(last[column], current[column - 1]) + 1);
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                {
                    current[column] = Math.Min(current[column], beforeLast[column - 2] + 1);
                }
            }

            (beforeLast, last) = (last, current);
        }

        return last[right.Length];
    }
}
