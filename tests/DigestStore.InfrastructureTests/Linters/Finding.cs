namespace DigestStore.InfrastructureTests.Linters;

/// <summary>Something that a check found in a template.</summary>
/// <param name="Check">The tool and its rule, such as <c>guard table_is_retained</c>.</param>
/// <param name="Resource">The logical id that it found it at, or empty.</param>
/// <param name="Message">What it says.</param>
internal sealed record Finding(string Check, string Resource, string Message)
{
    public override string ToString() => $"{Check} at '{Resource}': {Message}";
}
