using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

internal static class BackupAndLogFaults
{
    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("backups kept for ever", static template => template.Remove("BackupPlan/Properties/BackupPlan/BackupPlanRule/0/Lifecycle"),
            "cfn-validate W2001", "guard backup_is_made_and_ends"),
        new("backup of nothing", static template => template.Set("BackupSelection/Properties/BackupSelection/Resources", new JsonArray()),
            "cdk-nag NIST.800.53.R5-DynamoDBInBackupPlan", "guard backup_is_of_the_table"),
        new("vault that can be emptied", static template => template.Remove("BackupVault/Properties/LockConfiguration"),
            "guard backup_vault_is_encrypted_and_locked"),
        new("vault deleted with the stack", static template => template.Set("BackupVault/DeletionPolicy", "Delete"),
            "guard backup_vault_is_retained"),
        new("log group without retention", static template => template.Remove("ApplicationLogGroup/Properties/RetentionInDays"),
            "cdk-nag NIST.800.53.R5-CloudWatchLogGroupRetentionPeriod", "cfn-validate W2001", "guard logs_are_forgotten_in_time"),
        new("retention of 0 days", static template => template.Set("ApplicationLogGroup/Properties/RetentionInDays", 0),
            "cfn-validate W2001", "cfn-validate W3030", "guard logs_are_forgotten_in_time"),
        new("log group without a key", static template => template.Remove("AuditLogGroup/Properties/KmsKeyId"),
            "cdk-nag NIST.800.53.R5-CloudWatchLogGroupEncrypted", "guard logs_are_encrypted"),
        new("log group under a name that its key refuses", static template => template.Set("AuditLogGroup/Properties/LogGroupName", "/digest-store/audit"),
            "code the_key_admits_the_log_groups"),
        new("audit deleted with the stack", static template => template.Remove("AuditLogGroup/DeletionPolicy"),
            "cfn-validate W3011", "guard logs_are_retained"),
        new("default of a parameter that it does not allow", static template => template.Parameters["PointInTimeRecoveryDays"]!["Default"] = 36,
            "cfn-validate F2015", "cfn-validate W1030"),
    ];
}
