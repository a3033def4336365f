namespace DigestStore.LocalTable;

// What DynamoDB would charge. The sizes are those of records by its rules.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
internal static class CapacityUnits
{
    private const int WriteUnitBytes = 1024;
    private const int ReadUnitBytes = 4096;

    public static double OfRead(long bytes, bool consistent) => Units(bytes, ReadUnitBytes) * (consistent ? 1 : 0.5);

    // The sizes are those of the record before and after the write. A record that is not there has none.
    public static double OfWrite(int before, int after) => Units(Math.Max(before, after), WriteUnitBytes);

    private static double Units(long bytes, int unitBytes) => Math.Max(1, Math.Ceiling((double)bytes / unitBytes));
}
