namespace DigestStore.FaultTests;

/// <summary>The promises of a file that were found broken.</summary>
internal sealed class FileClaims
{
    private readonly List<string> _broken = [];

    public IReadOnlyList<string> Broken => _broken;

    public void Expect(bool isTrue, string broken)
    {
        if (!isTrue)
        {
            _broken.Add(broken);
        }
    }
}
