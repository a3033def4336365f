namespace DigestStore.Identity;

internal static class UrlPath
{
    public static void Write(ReadOnlySpan<char> path, IdentityRuleSet rules, ref UrlWriter target)
    {
        int start = target.Length;
        DotSegments.Write(path, ref target);

        // After the dot segments: "/a//../b" is "/a/b", while "/a/../b" is "/b".
        if (rules.CollapseSlashes)
        {
            Collapse(start, ref target);
        }

        // All of them, or the second time would drop one more.
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
