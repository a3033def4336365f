using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DigestStore.Benchmarks.Stub;

/// <summary>UpdateItem as far as a header needs it: SET with values and <c>if_not_exists</c>, REMOVE, ADD. Conditions always hold.</summary>
internal static class StubUpdates
{
    private static readonly string[] Verbs = ["SET ", "REMOVE ", "ADD "];

    public static StubRecord Apply(RequestReader request, StubRecord key, StubRecord? there)
    {
        JsonObject record = JsonNode.Parse(there?.Json ?? key.Json)!.AsObject();
        string verb = "";
        foreach (string part in Parts(request.UpdateExpression))
        {
            string clause = part;
            if (Array.Find(Verbs, known => clause.StartsWith(known, StringComparison.Ordinal)) is { } next)
            {
                (verb, clause) = (next, clause[next.Length..]);
            }

            string name = request.Names[clause.Split([' ', '='], 2)[0]];
            int valueAt = clause.LastIndexOf(':');
            string value = valueAt < 0 ? "" : request.Values[clause[valueAt..].TrimEnd(')')];
            switch (verb)
            {
                case "REMOVE ":
                    record.Remove(name);
                    break;
                case "ADD ":
                    int sum = Number(record[name]) + Number(JsonNode.Parse(value));
                    record[name] = new JsonObject { ["N"] = $"{sum}" };
                    break;
                default:
                    if (!clause.Contains("if_not_exists", StringComparison.Ordinal) || !record.ContainsKey(name))
                    {
                        record[name] = JsonNode.Parse(value);
                    }

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

    private static int Number(JsonNode? value) => value is null ? 0 : int.Parse(value["N"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
}
