using DigestStore.Sqlite;

namespace DigestStore.SqliteTests.Hosting;

public sealed class UnsafePlacesTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(DriveType.Network, UnsafePlaces.Network)]
    [InlineData(DriveType.Fixed, null)]
    [InlineData(DriveType.Ram, null)]
    [InlineData(DriveType.Unknown, null)]
    public void A_file_on_a_network_file_system_is_warned_of(DriveType drive, string? problem) =>
        Assert.Equal(problem, UnsafePlaces.ProblemOf(_file.Path, static _ => null, _ => drive));

    [Fact]
    public void A_folder_that_is_not_there_yet_is_on_the_drive_of_the_nearest_one_that_is()
    {
        var asked = new List<string>();
        UnsafePlaces.ProblemOf(Path.Combine(_file.Folder, "a", "b", "digests.db"), static _ => null, folder =>
        {
            asked.Add(folder);
            return DriveType.Fixed;
        });

        Assert.Equal([_file.Folder], asked);
    }

    [Fact]
    public void A_share_of_Windows_is_on_the_network() => Assert.Equal(UnsafePlaces.Network, UnsafePlaces.ProblemOf(@"\\server\share\digests.db", static _ => null, static _ => DriveType.Unknown));

    [Theory]
    [InlineData("AWS_LAMBDA_FUNCTION_NAME", UnsafePlaces.OfLambda)]
    [InlineData("AWS_REGION", null)]
    public void The_temporary_folder_of_a_Lambda_function_is_warned_of(string set, string? problem) =>
        Assert.Equal(problem, UnsafePlaces.ProblemOf(_file.Path, variable => variable == set ? "digest" : null, static _ => DriveType.Fixed));

    [Fact]
    public void A_folder_of_a_Lambda_function_that_lasts_is_no_temporary_one() =>
        Assert.Null(UnsafePlaces.ProblemOf(Path.Combine(Path.GetPathRoot(_file.Path)!, "mnt", "digests.db"), static _ => "digest", static _ => DriveType.Fixed));

    [Fact]
    public void A_system_that_does_not_tell_is_not_warned_of() => Assert.Null(UnsafePlaces.ProblemOf(_file.Path, static _ => null, static _ => throw new IOException()));

    [Fact]
    public void The_disk_of_this_machine_is_a_good_place() => Assert.Null(UnsafePlaces.ProblemOf(Path.Combine(Path.GetPathRoot(_file.Path)!, "digests.db")));
}
