namespace DigestStore.Configuration;

// Which option was probably meant by a name that is none.
internal static class NearestName
{
    private const int ShortName = 6;
    private const string NameEnding = "NAME";

    // Null when none is near: other code may have settings of its own in the same section.
    public static string? Of(string written, IEnumerable<string> names)
    {
        string plain = Plain(written);
        return names
            .SelectMany(static name => Spellings(name).Select(spelling => (Name: name, Spelling: spelling)))
            .Select(near => (near.Name, near.Spelling.Length, Distance: Distance(plain, near.Spelling)))
            .Where(near => near.Distance <= (Math.Min(plain.Length, near.Length) <= ShortName ? 1 : 2))
            .OrderBy(static near => near.Distance)
            .Select(static near => near.Name)
            .FirstOrDefault();
    }

    // TableName is often written as Table, and DigestName as Digest.
    private static string[] Spellings(string name)
    {
        string plain = Plain(name);
        return plain.EndsWith(NameEnding, StringComparison.Ordinal) ? [plain, plain[..^NameEnding.Length]] : [plain];
    }

    // table_name and TABLE-NAME are the same as TableName.
    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // How many letters have to be inserted, left out, replaced, or swapped with their neighbour (optimal string alignment).
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
