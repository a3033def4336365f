using System.Globalization;
using DigestStore.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DigestStore.Health;

// Asks whether the email of today has gone out, once the time of day has come by which it must have.
internal sealed class DeliveryProbe(string? storeName, TimeOnly? deliveredBy, TimeProvider time)
{
    public const string NotDelivered = "NotDelivered";
    public const string Sending = "Sending";
    public const string LeaseOverdue = "LeaseOverdue";
    public const string Uncertain = "Uncertain";
    public const string Abandoned = "Abandoned";
    public const string Deleted = "Deleted";

    // The number of the last day that was found delivered. It is not asked for again.
    private int _delivered = -1;

    // Null if nothing is to be asked yet, or not any more.
    public async Task<HealthFinding?> FindAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (deliveredBy is not { } due)
        {
            return null;
        }

        DigestStoreOptions options = services.GetRequiredService<IOptionsMonitor<DigestStoreOptions>>().Get(storeName ?? Options.DefaultName);
        DateTime now = options.LocalNow(time);
        DateOnly today = DateOnly.FromDateTime(now);
        if (TimeOnly.FromDateTime(now) < due)
        {
            return null;
        }

        if (Volatile.Read(ref _delivered) == today.DayNumber)
        {
            return Healthy(today);
        }

        IDigestDelivery? delivery = storeName is null ? services.GetService<IDigestDelivery>() : services.GetKeyedService<IDigestDelivery>(storeName);
        if (delivery is null)
        {
            return HealthProbe.Missing(nameof(IDigestDelivery), storeName);
        }

        DeliveryState? state = await delivery.GetDeliveryAsync(today, cancellationToken).ConfigureAwait(false);
        if (state?.Status == DeliveryStatus.Delivered)
        {
            Volatile.Write(ref _delivered, today.DayNumber);
            return Healthy(today);
        }

        (HealthGrade grade, string reason, string what) = Judge(state);
        string description = string.Create(CultureInfo.InvariantCulture, $"The email of {RecordKeys.Date(today)} was to be sent by {due:HH:mm} ({options.TimeZone}). {what}");
        return new HealthFinding(grade, reason, description, state?.Status ?? DeliveryStatus.Pending);
    }

    private static HealthFinding Healthy(DateOnly today) =>
        new(HealthGrade.Healthy, null, $"The table answers, and the email of {RecordKeys.Date(today)} is delivered.", DeliveryStatus.Delivered);

    private static (HealthGrade Grade, string Reason, string What) Judge(DeliveryState? state) => state switch
    {
        { Status: DeliveryStatus.Sending, IsLeaseOverdue: false } => (HealthGrade.Degraded, Sending, "A sender holds the lease and is sending it."),
        { Status: DeliveryStatus.Sending } => (
            HealthGrade.Failed, LeaseOverdue, "The lease of its sender has ended, and the sender has not said what became of the email: it was probably killed. Ask the mail server and resolve the day, or run the delivery again."),
        { Status: DeliveryStatus.Failed, LastFailure.Kind: DeliveryFailureKind.Uncertain } => (
            HealthGrade.Failed, Uncertain, "Nobody knows whether the mail server accepted it. Ask the mail server and resolve the day, or run the delivery again."),
        { Status: DeliveryStatus.Abandoned } => (HealthGrade.Failed, Abandoned, "It was given up, so no sender tries it again. Correct the cause, and resolve the day for another attempt."),
        { Status: DeliveryStatus.Deleting } => (HealthGrade.Failed, Deleted, "The day is being deleted. If that does not end, call DeleteDayAsync once more, store the day again, and run the delivery."),
        { Status: DeliveryStatus.Deleted } => (HealthGrade.Failed, Deleted, "The day was deleted. Store it again, and run the delivery."),
        _ => (HealthGrade.Failed, NotDelivered, "That is not recorded. Look whether the job ran; if the email went out while the table did not answer, replay the dead letters."),
    };
}
