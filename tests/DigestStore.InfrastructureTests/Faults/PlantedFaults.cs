namespace DigestStore.InfrastructureTests.Faults;

/// <summary>Every planted fault, in the order of the page.</summary>
internal static class PlantedFaults
{
    public static List<PlantedFault> All { get; } =
    [
        .. TableFaults.All,
        .. KeyFaults.All,
        .. AccessFaults.All,
        .. TrailFaults.All,
        .. BackupAndLogFaults.All,
        .. TopicFaults.All,
        .. MonitoringFaults.All,
    ];
}
