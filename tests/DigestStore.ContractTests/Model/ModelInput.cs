namespace DigestStore.ContractTests.Model;

// What was taken from the caller's input, and how it ended.
internal sealed record ModelInput(List<DigestItem?> Items, Exception? Error)
{
    public static ModelInput Take(IEnumerable<DigestItem> source, int most)
    {
        List<DigestItem?> items = [];
        try
        {
            foreach (DigestItem item in source)
            {
                if (items.Count == most)
                {
                    return new ModelInput(items, new InvalidOperationException("The input has more than MaxItems items."));
                }

                items.Add(item);
            }

            return new ModelInput(items, null);
        }
        catch (Exception exception)
        {
            return new ModelInput(items, exception);
        }
    }

    public static async Task<ModelInput> TakeAsync(IAsyncEnumerable<DigestItem> source, CancellationToken cancellationToken)
    {
        List<DigestItem?> items = [];
        try
        {
            await foreach (DigestItem item in source.WithCancellation(cancellationToken))
            {
                items.Add(item);
            }

            return new ModelInput(items, null);
        }
        catch (Exception exception)
        {
            return new ModelInput(items, exception);
        }
    }
}
