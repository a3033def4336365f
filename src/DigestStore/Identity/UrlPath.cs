namespace DigestStore.Identity;

internal static class UrlPath
{
    public static void Write(ReadOnlySpan<char> path, IdentityRuleSet rules, ref UrlWriter target)
    {
        int start = target.Length;
        DotSegments.Write(path, ref target);

        // Slashes are collapsed after the dot segments are removed: "/a//../b" must become "/a/b", while "/a/../b" becomes "/b".
        if (rules.CollapseSlashes)
        {
            Collapse(start, ref target);
        }

        // All slashes at the end are dropped. If only one were, canonicalizing the result again would drop another one.
        while (rules.DropTrailingSlash && target.Length - start > 1 && target.Written[^1] == '/')
        {
            target.Truncate(target.Length - 1);
        }
    }

    private static void Collapse(int start, ref UrlWriter target)
    {
        Span<char> path = target.Written[start..];
        int doubled = path.IndexOf("//");
        if (doubled < 0)
        {
            return;
        }

        int kept = doubled + 1;
        for (int i = kept; i < path.Length; i++)
        {
            if (path[i] != '/' || path[kept - 1] != '/')
            {
                path[kept++] = path[i];
            }
        }

        target.Truncate(start + kept);
    }
}
