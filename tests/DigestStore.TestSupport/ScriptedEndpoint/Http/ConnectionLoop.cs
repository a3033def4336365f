namespace DigestStore.TestSupport;

/// <summary>Reads requests off one connection and answers each until either side closes it.</summary>
internal sealed class ConnectionLoop(ScriptedEndpoint server, Connection connection)
{
    public async Task RunAsync(CancellationToken stop)
    {
        var reader = new HttpRequestReader(connection.Stream);
        while (await reader.WaitForRequestAsync(stop) && connection.BeginWork())
        {
            using var busy = new BusyMark(server);
            var request = await reader.ReadAsync(stop);
            var recorded = server.Requests.Record(request);
            var exchange = new Exchange(server, connection, recorded, busy);
            await server.Choose(recorded).PlayAsync(exchange, stop);
            if (exchange.IsClosed || request.WantsClose)
            {
                connection.Finish();
                return;
            }

            connection.EndWork();
        }
    }
}
