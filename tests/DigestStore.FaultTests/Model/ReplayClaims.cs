namespace DigestStore.FaultTests;

/// <summary>When a content was handed in: contents of one store are ordered by their place, those of concurrent stores are not.</summary>
internal readonly record struct ModelAge(int Group, int Store, int Index)
{
    public bool IsNewerThan(ModelAge other) => Group > other.Group || (Group == other.Group && Store == other.Store && Index > other.Index);
}

/// <summary>A letter of this digest, as its file has it.</summary>
internal sealed record ModelLetter(DeadLetter Letter, string Page, string Content, ModelAge Age);

/// <summary>Holds a replay against the table and the letters before and after it.</summary>
internal static class ReplayClaims
{
    public static void Check(
        DeadLetterReplayResult? result,
        IReadOnlyList<ModelLetter> lettersBefore,
        IReadOnlyList<ModelLetter> lettersAfter,
        ModelDay before,
        ModelDay after,
        IReadOnlyDictionary<(string Key, string Content, int Revision), ModelAge> ages,
        bool dropsWww,
        Action<string> broken)
    {
        void Expect(bool isTrue, string claim)
        {
            if (!isTrue)
            {
                broken("replay: " + claim);
            }
        }

        ILookup<string, ModelLetter> letters = lettersBefore.ToLookup(letter => letter.Page);
        foreach (ModelRecord record in after.Records)
        {
            before.ByKey.TryGetValue(record.Key, out ModelRecord? old);
            if (old?.Raw == record.Raw)
            {
                continue;
            }

            string page = record.PageUnder(dropsWww);
            ModelLetter[] sources = [.. letters[page].Where(letter => letter.Content == record.Content)];
            Expect(sources.Length > 0, $"'{record.Title}' was written, and no letter has it");
            Expect(
                old is null || old.Content == record.Content || sources.Any(source => !ages.GetValueOrDefault((old.Key, old.Content, old.Revision)).IsNewerThan(source.Age)),
                $"the newer '{old?.Title}' was overwritten with '{record.Title}'");
            Expect(old is null || (old.CreatedAt, old.Ordinal, old.Foreign) == (record.CreatedAt, record.Ordinal, record.Foreign), $"'{record.Title}' has lost its createdAt, ordinal or foreign attribute");
        }

        foreach (ModelRecord old in before.Records)
        {
            Expect(after.ByKey.ContainsKey(old.Key), $"the record '{old.Title}' has vanished");
        }

        ILookup<string, ModelRecord> records = after.ByPage(dropsWww);
        ModelLetter[] gone = [.. lettersBefore.Where(letter => !lettersAfter.Any(kept => kept.Content == letter.Content && kept.Page == letter.Page && kept.Letter.CorrelationId == letter.Letter.CorrelationId))];
        foreach (ModelLetter letter in gone)
        {
            Expect(records[letter.Page].Any(), $"the letter of '{letter.Letter.Item!.Title}' is gone, and the table has nothing of its page");
        }

        if (result is null)
        {
            return;
        }

        int claimed = gone.Count(letter => records[letter.Page].Any(record => letters[letter.Page].Any(source => source.Content == record.Content)));
        Expect(result.Letters == result.Stored + result.Superseded + result.Rejected + result.Kept, $"the counts do not sum: {result}");
        Expect(result.Letters == lettersBefore.Count && result.Kept == lettersAfter.Count, $"there were {lettersBefore.Count} letters, {lettersAfter.Count} are left: {result}");
        Expect(result.Stored <= claimed, $"{claimed} letters are in the table: {result}");
    }
}
