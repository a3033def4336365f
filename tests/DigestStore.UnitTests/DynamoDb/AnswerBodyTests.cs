using System.Net.Http.Headers;
using DigestStore.DynamoDb;

namespace DigestStore.UnitTests.DynamoDb;

public sealed class AnswerBodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(100_000, true)]
    [InlineData(100_000, false)]
    [InlineData(9_000_000, true)]
    [InlineData(9_000_000, false)]
    public async Task A_body_is_read_whole_whether_its_length_is_told_or_not(int length, bool isTold)
    {
        byte[] sent = new byte[length];
        Random.Shared.NextBytes(sent);

        using AnswerBody body = await AnswerBody.ReadAsync(Content(sent, isTold ? length : null), Token);

        Assert.True(body.Span.SequenceEqual(sent));
    }

    [Fact]
    public async Task A_body_that_is_given_back_is_not_read_any_more()
    {
        using HttpResponseMessage response = await ReplacedAsync([1, 2, 3]);
        Stream reader = await response.Content.ReadAsStreamAsync(Token);
        Assert.Equal(1, reader.ReadByte());

        response.Dispose();

        Assert.Throws<ObjectDisposedException>(() => reader.ReadByte());
    }

    [Fact]
    public async Task A_body_that_was_read_is_not_read_any_more()
    {
        using HttpResponseMessage response = await ReplacedAsync([1, 2, 3]);
        Stream reader = await response.Content.ReadAsStreamAsync(Token);
        await reader.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => reader.ReadByte());
    }

    [Fact]
    public async Task A_body_that_is_withheld_is_empty()
    {
        using var response = new HttpResponseMessage { Content = Content([1, 2, 3], 3) };
        AnswerBody body = await AnswerBody.ReadAsync(response.Content, Token);
        body.Replace(response);

        body.Rewrite([]);

        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task A_body_may_be_replaced_by_a_longer_one()
    {
        using var response = new HttpResponseMessage { Content = Content([1, 2, 3], 3) };
        AnswerBody body = await AnswerBody.ReadAsync(response.Content, Token);
        body.Replace(response);
        byte[] longer = [.. Enumerable.Range(0, 100_000).Select(static number => (byte)number)];

        body.Rewrite(longer);

        Assert.Equal(longer, await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData(AnswerBody.MaxBytes + 1L)]
    [InlineData(long.MaxValue)]
    public async Task A_body_that_says_it_is_too_long_is_not_begun(long length) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => AnswerBody.ReadAsync(Content([], length), Token));

    [Fact]
    public async Task A_body_without_an_end_is_left()
    {
        using var content = new StreamContent(new Endless());

        await Assert.ThrowsAsync<InvalidDataException>(() => AnswerBody.ReadAsync(content, Token));
    }

    [Fact]
    public async Task What_replaces_a_body_has_its_headers_and_its_own_length()
    {
        using var response = new HttpResponseMessage { Content = Content([1, 2, 3], 3) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");

        AnswerBody body = await AnswerBody.ReadAsync(response.Content, Token);
        body.Replace(response);

        Assert.Equal((3, "application/x-amz-json-1.0"), (response.Content.Headers.ContentLength, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal([1, 2, 3], await response.Content.ReadAsByteArrayAsync(Token));
    }

    private static async Task<HttpResponseMessage> ReplacedAsync(byte[] sent)
    {
        var response = new HttpResponseMessage { Content = Content(sent, sent.Length) };
        (await AnswerBody.ReadAsync(response.Content, Token)).Replace(response);
        return response;
    }

    private static StreamContent Content(byte[] body, long? length)
    {
        var content = new StreamContent(new Trickle(body));
        content.Headers.ContentLength = length;
        return content;
    }

    // As networks do, in pieces.
    private sealed class Trickle(byte[] body) : MemoryStream(body)
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 7_777)], cancellationToken);
    }

    private sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
