using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

internal static class CapacityUnits
{
    /// <summary>One unit per KB of the larger of the old and the new item; one for a write that changes nothing.</summary>
    public static double Write(JsonObject? before, JsonObject? after) => Math.Max(1, Math.Ceiling(Math.Max(SizeOf(before), SizeOf(after)) / 1024.0));

    /// <summary>One unit per 4 KB, half of that if eventually consistent.</summary>
    public static double Read(int bytes, bool consistent) => Math.Max(1, Math.Ceiling(bytes / 4096.0)) * (consistent ? 1 : 0.5);

    private static int SizeOf(JsonObject? item) => item is null ? 0 : ItemRules.Size(item);
}
