using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DigestStore.Benchmarks.Stub;

/// <summary>UpdateItem as far as the library's records need it: SET with values, <c>if_not_exists</c> and a sum with it, REMOVE, ADD. Conditions always hold.</summary>
internal static class StubUpdates
{
    private const string IfNotExists = "if_not_exists(";

    private static readonly string[] Verbs = ["SET ", "REMOVE ", "ADD "];

    public static StubRecord Apply(RequestReader request, StubRecord key, StubRecord? there)
    {
        JsonObject before = JsonNode.Parse(there?.Json ?? key.Json)!.AsObject();
        JsonObject record = before.DeepClone().AsObject();
        string verb = "";
        foreach (string part in Parts(request.UpdateExpression))
        {
            string clause = part;
            if (Array.Find(Verbs, known => clause.StartsWith(known, StringComparison.Ordinal)) is { } next)
            {
                (verb, clause) = (next, clause[next.Length..]);
            }

            string name = request.Names[clause.Split([' ', '='], 2)[0]];
            switch (verb)
            {
                case "REMOVE ":
                    record.Remove(name);
                    break;
                case "ADD ":
                    record[name] = Sum(record[name], Value(request, clause[(clause.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
                    break;
                default:
                    record[name] = Evaluate(request, before, clause[(clause.IndexOf('=', StringComparison.Ordinal) + 2)..]);
                    break;
            }
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(record);
        return new StubRecord(key.Pk, key.Sk, json, json.Length);
    }

    // "SET #a = :a, #b = if_not_exists(#b, :b) REMOVE #c ADD #d :d": one clause each, the first of a verb with the verb.
    private static string[] Parts(string expression)
    {
        var text = new StringBuilder(expression).Replace(" REMOVE ", "; REMOVE ").Replace(" ADD ", "; ADD ").Replace(", #", "; #");
        return text.ToString().Split(';', StringSplitOptions.TrimEntries);
    }

    // ":v", "if_not_exists(#a, :v)" or "if_not_exists(#a, :v) + :w". Names stand for the values before the update.
    private static JsonNode? Evaluate(RequestReader request, JsonObject before, string text)
    {
        if (!text.StartsWith(IfNotExists, StringComparison.Ordinal))
        {
            return Value(request, text);
        }

        int comma = text.IndexOf(", ", StringComparison.Ordinal);
        int end = text.IndexOf(')', StringComparison.Ordinal);
        JsonNode? value = before[request.Names[text[IfNotExists.Length..comma]]]?.DeepClone() ?? Value(request, text[(comma + 2)..end]);
        int plus = text.IndexOf("+ ", end, StringComparison.Ordinal);
        return plus < 0 ? value : Sum(value, Value(request, text[(plus + 2)..]));
    }

    private static JsonNode? Value(RequestReader request, string alias) => JsonNode.Parse(request.Values[alias]);

    private static JsonObject Sum(JsonNode? one, JsonNode? other) => new() { ["N"] = (Number(one) + Number(other)).ToString(CultureInfo.InvariantCulture) };

    private static long Number(JsonNode? value) => value is null ? 0 : long.Parse(value["N"]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
