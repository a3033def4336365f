using System.Net.Http.Headers;
using DigestStore.TestSupport;

namespace EmailDigest.Tests.Support;

/// <summary>A real DynamoDB engine behind a gate: each request passes it before the engine has it, and again before its answer goes back.</summary>
internal static class DatabaseProxy
{
    private static readonly HttpClient Http = new();
    private static readonly string[] Passed = ["X-Amz-Target", "X-Amz-Date", "Authorization"];

    public static ScriptedEndpoint Start(Uri engine, Gate gate)
    {
        var proxy = ScriptedEndpoint.Start(new ScriptedEndpointOptions { KeepRequests = false });
        proxy.OnAny().Answer(Fault.Custom(async (exchange, stop) =>
        {
            await gate.PassAsync($"{exchange.Request.Operation} asked", stop);
            Reply reply = await ForwardAsync(engine, exchange.Request, stop);
            await gate.PassAsync($"{exchange.Request.Operation} done", stop);
            await exchange.SendAsync(reply, stop);
        }));
        return proxy;
    }

    private static async Task<Reply> ForwardAsync(Uri engine, RecordedRequest asked, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, engine) { Content = new StringContent(asked.Body.ToJsonString()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        foreach (string name in Passed)
        {
            request.Headers.TryAddWithoutValidation(name, asked.Headers[name]);
        }

        using HttpResponseMessage response = await Http.SendAsync(request, stop);
        return new Reply { Status = (int)response.StatusCode, Body = await response.Content.ReadAsByteArrayAsync(stop) };
    }
}
