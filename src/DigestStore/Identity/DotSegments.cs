namespace DigestStore.Identity;

// Removes "." and ".." as RFC 3986 §5.2.4 says. Percent-encoding is normalized first, because "%2E" means the same as a dot.
internal static class DotSegments
{
    public static void Write(ReadOnlySpan<char> path, ref UrlWriter target)
    {
        int root = target.Length;
        bool atEnd = path.IsEmpty;
        if (atEnd)
        {
            target.Append('/');
        }

        while (!atEnd)
        {
            path = path[1..];
            int slash = path.IndexOf('/');
            atEnd = slash < 0;
            WriteSegment(atEnd ? path : path[..slash], atEnd, root, ref target);
            path = atEnd ? default : path[slash..];
        }
    }

    private static void WriteSegment(ReadOnlySpan<char> segment, bool isLast, int root, ref UrlWriter target)
    {
        int start = target.Length;
        target.Append('/');
        PercentEncoding.Write(segment, PercentEncoding.SegmentCharacters, ref target);
        ReadOnlySpan<char> written = target.Written[(start + 1)..];
        bool isParent = written.SequenceEqual("..");
        if (!isParent && !written.SequenceEqual("."))
        {
            return;
        }

        target.Truncate(start);
        if (isParent && start > root)
        {
            target.Truncate(target.Written.LastIndexOf('/'));
        }

        if (isLast)
        {
            target.Append('/');
        }
    }
}
