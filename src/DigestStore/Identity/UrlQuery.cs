namespace DigestStore.Identity;

internal static class UrlQuery
{
    public static void Write(in UrlParts parts, IdentityRuleSet rules, ref UrlWriter target)
    {
        if (!parts.HasQuery)
        {
            return;
        }

        int mark = target.Length;
        target.Append('?');
        if (rules.RewritesQuery)
        {
            WriteParameters(parts.Query, rules, ref target);
        }
        else
        {
            PercentEncoding.Write(parts.Query, PercentEncoding.QueryCharacters, ref target);
        }

        if (rules.RewritesQuery && target.Length == mark + 1)
        {
            target.Truncate(mark);
        }
    }

    private static void WriteParameters(ReadOnlySpan<char> query, IdentityRuleSet rules, ref UrlWriter target)
    {
        int start = target.Length;
        bool sorted = true;
        int previous = start;
        foreach (Range range in query.Split('&'))
        {
            int from = target.Length;
            int parameter = from == start ? from : from + 1;
            if (parameter > from)
            {
                target.Append('&');
            }

            PercentEncoding.Write(query[range], PercentEncoding.QueryCharacters, ref target);
            ReadOnlySpan<char> name = QueryParameters.NameOf(target.Written[parameter..]);
            if (target.Length == parameter || rules.IsTracking(name))
            {
                target.Truncate(from);
                continue;
            }

            sorted = sorted && (parameter == start || QueryParameters.NameOf(Slice(target, previous, from)).SequenceCompareTo(name) <= 0);
            previous = parameter;
        }

        if (rules.SortQuery && !sorted)
        {
            QueryParameters.Sort(target.Written[start..]);
        }
    }

    private static ReadOnlySpan<char> Slice(UrlWriter target, int start, int end) => target.Written[start..end];
}
