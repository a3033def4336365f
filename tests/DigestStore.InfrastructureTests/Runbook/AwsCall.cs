using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace DigestStore.InfrastructureTests.Runbook;

/// <summary>The request that <c>aws dynamodb …</c> sends, made of the command's own arguments: the AWS CLI derives both from the same model of the service.</summary>
internal sealed record AwsCall(string Operation, JsonObject Body)
{
    // These shape what the CLI prints, and are not sent.
    private static readonly string[] OfTheOutput = ["--query", "--output"];

    public static AwsCall Of(string[] arguments)
    {
        Assert.Equal("dynamodb", arguments[0]);
        var body = new JsonObject();
        for (int place = 2; place < arguments.Length; place++)
        {
            string option = arguments[place];
            Assert.StartsWith("--", option, StringComparison.Ordinal);
            bool hasValue = place + 1 < arguments.Length && !arguments[place + 1].StartsWith("--", StringComparison.Ordinal);
            JsonNode? value = hasValue ? Value(arguments[++place]) : true;
            if (!OfTheOutput.Contains(option))
            {
                body[Pascal(option[2..])] = value;
            }
        }

        return new AwsCall(Pascal(arguments[1]), body);
    }

    public async Task<(HttpStatusCode Status, JsonObject Answer)> SendAsync(Uri endpoint)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(Body.ToJsonString(), Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        request.Headers.Add("X-Amz-Target", $"DynamoDB_20120810.{Operation}");
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0");
        using HttpResponseMessage response = await client.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    private static JsonNode? Value(string text) => text[0] is '{' or '[' ? JsonNode.Parse(text) : text;

    private static string Pascal(string kebab) => string.Concat(kebab.Split('-').Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
}
