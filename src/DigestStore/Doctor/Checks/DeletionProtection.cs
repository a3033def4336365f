namespace DigestStore.Doctor.Checks;

internal static class DeletionProtection
{
    public static Verdict Judge(TableFacts facts) => facts.OfTable(table => table.DeletionProtectionEnabled == true
        ? Verdict.Ok("On.")
        : Verdict.Warning("Deletion protection is off.", AwsCommand.For(facts.Options, "update-table", "--deletion-protection-enabled")));
}
