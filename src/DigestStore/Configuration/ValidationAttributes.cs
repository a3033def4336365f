using System.ComponentModel.DataAnnotations;
using System.Globalization;
using DigestStore.Telemetry;

namespace DigestStore.Configuration;

// Every message names the value, the rule and the remedy; the framework's own attributes can name only the rule.
[AttributeUsage(AttributeTargets.Property)]
internal abstract class OptionRuleAttribute : ValidationAttribute
{
    protected abstract string? Violation(object? value);

    protected sealed override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        Violation(value) is { } violation
            ? new ValidationResult($"{nameof(DigestStoreOptions)}.{validationContext.MemberName} {violation}")
            : ValidationResult.Success;

    // The message becomes a log line, so it is one.
    protected static string Quote(object? value) =>
        value is null ? "missing" : $"'{CallNames.Clean(string.Create(CultureInfo.InvariantCulture, $"{value}"))}'";
}

internal sealed class BetweenAttribute(string minimum, string maximum, string remedy) : OptionRuleAttribute
{
    protected override string? Violation(object? value)
    {
        bool inside = value switch
        {
            null => true,
            int number => number >= int.Parse(minimum, CultureInfo.InvariantCulture) && number <= int.Parse(maximum, CultureInfo.InvariantCulture),
            TimeSpan span => span >= TimeSpan.Parse(minimum, CultureInfo.InvariantCulture) && span <= TimeSpan.Parse(maximum, CultureInfo.InvariantCulture),
            _ => false,
        };
        return inside ? null : $"is {Quote(value)}, but must be between {minimum} and {maximum}. {remedy}";
    }
}

internal sealed class TableNameAttribute : OptionRuleAttribute
{
    protected override string? Violation(object? value) =>
        value is string name && IsTableName(name)
            ? null
            : $"is {Quote(value)}, but must be 3 to 255 letters, digits, '_', '-' or '.', or the ARN of a table. Set the name that the table was created with.";

    private static bool IsTableName(string name) =>
        name.StartsWith("arn:", StringComparison.Ordinal)
            ? name.Length <= 1024 && name.Contains(":table/", StringComparison.Ordinal) && name.All(static character => character is > ' ' and <= '~')
            : name.Length is >= 3 and <= 255 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');
}

internal sealed class DigestNameAttribute : OptionRuleAttribute
{
    protected override string? Violation(object? value) =>
        value is string name && name.Length is >= 1 and <= 64 && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
            ? null
            : $"is {Quote(value)}, but must be 1 to 64 lower-case letters, digits or '-'. It is part of every key, so choose it once.";
}

internal sealed class EndpointUrlAttribute : OptionRuleAttribute
{
    protected override string? Violation(object? value) =>
        value is null || (value is string url && Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed is { Scheme: "http" or "https", UserInfo: "" })
            ? null
            : $"is {Quote(WithoutPassword(value))}, but must be an absolute http or https URL without a user name, such as http://localhost:8000. Leave it out to use AWS's own endpoint.";

    // The message is logged.
    private static string? WithoutPassword(object? value) => value?.ToString() is { } url && url.LastIndexOf('@') is >= 0 and int at ? "?" + url[at..] : value?.ToString();
}

internal sealed class RegionNameAttribute : OptionRuleAttribute
{
    protected override string? Violation(object? value) =>
        value is null || (value is string { Length: > 0 } name && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-'))
            ? null
            : $"is {Quote(value)}, but must be the name of an AWS region such as eu-central-1. Leave it out to let the AWS SDK find it.";
}

internal sealed class DefinedAttribute : OptionRuleAttribute
{
    protected override string? Violation(object? value) =>
        value is DisabledItems.Drop or DisabledItems.DeadLetter
            ? null
            : $"is {Quote(value)}, but must be {nameof(DisabledItems.Drop)} or {nameof(DisabledItems.DeadLetter)}. Leave it out for {nameof(DisabledItems.Drop)}.";
}

internal sealed class PresentAttribute : OptionRuleAttribute
{
    protected override string? Violation(object? value) =>
        value is not null ? null : "is missing, but must be set. Leave it as it is for the default rules.";
}
