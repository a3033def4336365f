using DigestStore.Calls;

namespace DigestStore.UnitTests.Calls;

public sealed class FatalTests
{
    [Theory]
    [InlineData(typeof(OutOfMemoryException), true)]
    [InlineData(typeof(InsufficientExecutionStackException), true)]
    [InlineData(typeof(AccessViolationException), true)]
    [InlineData(typeof(InvalidOperationException), false)]
    public void Only_what_says_that_the_process_is_broken_is_fatal(Type exception, bool isFatal) =>
        Assert.Equal(isFatal, Fatal.Is((Exception)Activator.CreateInstance(exception)!));
}
