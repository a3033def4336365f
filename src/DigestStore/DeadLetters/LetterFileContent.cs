namespace DigestStore.DeadLetters;

// A letter of the replay's own table and digest, its line, and its page; null for an item that today's rules reject.
internal sealed record OwnLetter(DeadLetter Letter, LetterLine Line, LetterPage? Page);

// A claimed file's lines by what is to be done with them.
internal sealed class LetterFileContent
{
    public List<OwnLetter> Own { get; } = [];

    public List<LetterLine> Foreign { get; } = [];

    public List<LetterLine> Unreadable { get; } = [];

    public int Lines => Own.Count + Foreign.Count + Unreadable.Count;

    public static LetterFileContent Read(FileStream claim, ReplayScope scope, LetterIndex index, CancellationToken cancellationToken)
    {
        var content = new LetterFileContent();
        foreach (LetterLine line in LetterLines.Read(claim, cancellationToken))
        {
            LetterLine place = line with { Text = default };
            if (LetterJson.TryRead(line.Text.Span) is not { } letter)
            {
                content.Unreadable.Add(place);
            }
            else if (scope.Has(letter))
            {
                content.Own.Add(new OwnLetter(letter, place, index.Add(letter)));
            }
            else
            {
                content.Foreign.Add(place);
            }
        }

        return content;
    }
}
