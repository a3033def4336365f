using DigestStore;
using DigestStore.Testing;
using DigestStore.TestSupport;
using EmailDigest.Collect;
using EmailDigest.Store;
using EmailDigest.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace EmailDigest.Tests;

public sealed class ProgramTests
{
    private static readonly StoreProblem Outage = new() { Reason = StoreProblemReason.Unavailable, Message = "The database could not be reached." };

    [Fact]
    public async Task The_bundled_feeds_go_through_all_stages_into_the_email()
    {
        using var folder = new TemporaryFolder();
        var repository = new FakeRepository();

        Run run = await Run.WithAsync(repository, "--date", "2026-11-21", "-o", folder.Path);

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Equal(36, repository.Received.Count);
        string[] stages = ["1. Collect", "RSS 2.0, 13 entries", "Atom 1.0, 11 entries", "JSON Feed 1.1, 12 entries", "2. Store", "3 requests for 36 items (92 % saved", "4.5 write and 0.5 read units", "3. Read back", "Why our queue was slow on Mondays", "… and 15 more", "4. Email", "Written:", "Recorded as delivered: attempt 1, 5 requests."];
        Assert.Equal(stages, stages.Where(stage => run.Words.Contains(stage, StringComparison.Ordinal)));
        Assert.DoesNotContain("WARNING", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", run.Output, StringComparison.Ordinal);
        Assert.Contains("איך לקרוא", Eml.Load(Path.Combine(folder.Path, "digest-2026-11-21.eml")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_default_the_digest_is_stored_in_a_file_beside_the_email_and_read_back_without_duplicates()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync("--date", "2026-11-21", "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains($"In the file {folder.File("digests.db")}, digest daily.", run.Words, StringComparison.Ordinal);
        Assert.Contains("Stored: 30 inserted, 0 updated, 0 unchanged, 4 duplicates, 2 rejected, 0 failed.", run.Words, StringComparison.Ordinal);
        Assert.Contains("(30 links, ", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("digests.db")));
        Eml eml = Eml.Load(folder.File("x.eml"));
        Assert.Equal("Your digest for 21 November 2026: 30 links", eml.Headers["Subject"]);
        Assert.DoesNotContain("javascript:", eml.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--endpoint", "http://127.0.0.1:1")]
    [InlineData("--endpoint", "http://127.0.0.1:1", "--create-table", "--table", "other")]
    public async Task With_the_database_down_the_same_email_is_written_with_a_warning(params string[] args)
    {
        using var folder = new TemporaryFolder();

        Run down = await Run.ProgramAsync([.. args, "--date", "2026-11-21", "-o", folder.File("down.eml"), "--dead-letters", folder.File("letters")]);
        await Run.ProgramAsync("--date", "2026-11-21", "-o", folder.File("up.eml"));

        Assert.Equal(ExitCode.EmailSent, down.ExitCode);
        Assert.Contains("WARNING Not stored (CompareUnavailable):", down.Words, StringComparison.Ordinal);
        Assert.Matches(@"WARNING The table could not be looked up or created \(\w+\): [^.]+127\.0\.0\.1:1\)\. Correlation id", down.Words);
        Assert.DoesNotContain("   at ", down.Output, StringComparison.Ordinal);
        Assert.Equal(Eml.Load(folder.File("up.eml")).Html, Eml.Load(folder.File("down.eml")).Html);
    }

    [Fact]
    public async Task What_a_dead_database_did_not_take_is_there_after_the_next_run()
    {
        using var folder = new TemporaryFolder();
        string[] common = ["--date", "2026-11-21", "-o", folder.File("x.eml"), "--dead-letters", folder.File("letters"), "--table", "email-" + Path.GetRandomFileName()];
        string other = folder.File("other.xml", "<rss version=\"2.0\"><channel><item><title>Only today</title><link>https://example.com/today</link></item></channel></rss>");

        Run down = await Run.ProgramAsync([.. common, "--endpoint", "http://127.0.0.1:1"]);
        Run up = await Run.ProgramAsync([other, .. common, "--endpoint", Engines.DynamoDbLocal.AbsoluteUri]);
        Run again = await Run.ProgramAsync([other, .. common, "--endpoint", Engines.DynamoDbLocal.AbsoluteUri]);

        Assert.Contains("30 items are kept as dead letters; the next run that reaches the database stores them.", down.Words, StringComparison.Ordinal);
        Assert.Contains("31 dead letters of earlier runs replayed: 31 stored, 0 superseded by newer content, 0 rejected, 0 kept.", up.Words, StringComparison.Ordinal);
        Assert.Contains("Already delivered at ", up.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("replayed", again.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_is_in_the_log()
    {
        using var folder = new TemporaryFolder();
        using var log = new EventIds();
        string[] common = ["--date", "2026-11-21", "-o", folder.File("x.eml"), "--dead-letters", folder.File("letters"), "--endpoint", "http://127.0.0.1:1"];
        using var repository = new InMemoryDigestRepository();

        await Run.ProgramAsync(common);
        Run up = await Run.StartAsync(common, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IDigestRepository>(repository));
            services.AddSingleton<ILoggerProvider>(log);
        });

        Assert.Contains("31 dead letters of earlier runs replayed", up.Words, StringComparison.Ordinal);
        Assert.Contains(124, log.Seen);
    }

    [Fact]
    public async Task Nothing_to_send_is_no_email()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync(folder.File("missing.xml"), "--fault", "down", "--quiet", "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.NothingToSend, run.ExitCode);
        Assert.Contains("WARNING There is nothing to send, so no email is written.", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("earlier run", run.Words, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.eml")));
    }

    [Fact]
    public async Task Nothing_to_send_does_not_replace_the_email_of_an_earlier_run()
    {
        using var folder = new TemporaryFolder();
        await Run.ProgramAsync("--memory", "--date", "2026-11-21", "-o", folder.File("x.eml"));
        string written = await File.ReadAllTextAsync(folder.File("x.eml"), TestContext.Current.CancellationToken);

        Run run = await Run.ProgramAsync(folder.File("missing.xml"), "--memory", "--date", "2026-11-21", "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.NothingToSend, run.ExitCode);
        Assert.Contains("That of an earlier run stays as it is", run.Words, StringComparison.Ordinal);
        Assert.Equal(written, await File.ReadAllTextAsync(folder.File("x.eml"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_real_feed_at_once_is_stored_and_sent()
    {
        string? file = RealData.Find("feeds/rss-parser__guardian.rss");
        Assert.SkipWhen(file is null, RealData.Missing("feeds/rss-parser__guardian.rss"));
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync([.. Directory.GetFiles(Path.GetDirectoryName(file)!), "--since", "all", "--max", "1000", "-o", folder.File("x.eml")]);

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("Collected 550 entries from 54 feeds.", run.Words, StringComparison.Ordinal);
        Assert.Contains("Stored: ", run.Words, StringComparison.Ordinal);
        Assert.Contains("0 failed.", run.Words, StringComparison.Ordinal);
        Eml eml = Eml.Load(folder.File("x.eml"));
        Assert.DoesNotContain("<script", eml.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", eml.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_odd_about_the_links_is_said_in_one_line()
    {
        using var folder = new TemporaryFolder();
        string odd = folder.File("odd.xml", """
            <rss version="2.0"><channel><title>Odd</title>
              <item><title>An old one</title><link>https://example.com/1</link><pubDate>Thu, 01 Jan 2015 00:00:00 GMT</pubDate></item>
              <item><title>An older one</title><link>https://example.com/2</link><pubDate>Wed, 01 Jan 2014 00:00:00 GMT</pubDate></item>
              <item><title>BREAKING NEWS</title><link>https://example.com/3</link></item>
              <item><title>https://example.com/4</title><link>https://example.com/4</link></item>
            </channel></rss>
            """);
        string plain = folder.File("plain.xml", "<rss version=\"2.0\"><channel><item><title>A headline</title><link>https://example.com/today</link></item></channel></rss>");

        Run run = await Run.ProgramAsync(odd, "--since", "all", "--date", "2026-11-21", "-o", folder.File("x.eml"));
        Run ordinary = await Run.ProgramAsync(plain, "--date", "2026-11-21", "-o", folder.File("y.eml"));

        Assert.Contains("complete; 2 stale, 1 title is a URL, 1 title shouts.", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Quality", ordinary.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_is_named()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync("--digest", "Not A Name", "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains("ERROR DigestStoreOptions.DigestName is 'Not A Name'", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Today_is_that_of_the_time_zone_and_a_zone_that_is_none_is_named()
    {
        using var folder = new TemporaryFolder();
        string east = new DigestStoreOptions { TimeZone = "Pacific/Kiritimati" }.Today().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        Run run = await Run.InEnvironmentAsync(new() { ["DigestStore:TimeZone"] = "Pacific/Kiritimati" }, "-o", folder.Path);
        Run wrong = await Run.InEnvironmentAsync(new() { ["DigestStore:TimeZone"] = "Atlantis" }, "-o", folder.Path);

        Assert.True(File.Exists(folder.File($"digest-{east}.eml")), run.Words);
        Assert.Equal(ExitCode.WrongArguments, wrong.ExitCode);
        Assert.Matches("^ERROR .*'Atlantis'.* Set DigestStore__TimeZone to a name such as Europe/Berlin, or remove it for UTC\\.$", wrong.Error.Trim());
    }

    [Fact]
    public async Task A_comparison_with_earlier_emails_that_is_not_possible_does_not_stop_the_email()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.InEnvironmentAsync(new() { ["DigestStore:MaxLookback"] = "7.00:00:00" }, "-o", folder.Path);

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("WARNING Not compared with earlier emails, so links may come again (ArgumentOutOfRangeException)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Oddities_of_the_bundled_feeds_are_reported()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.WithAsync(new FakeRepository(), "-o", folder.Path);

        Assert.Contains("entry 7: relative link, resolved against the feed's own address", run.Words, StringComparison.Ordinal);
        Assert.Contains("entry 8: no title and no text", run.Words, StringComparison.Ordinal);
        Assert.Contains("entry 9: the link is not an http(s) address", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_email_is_made_of_what_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var repository = new FakeRepository
        {
            Get = (date, _) => new Digest(date, FakeRepository.Stored(date, [new DigestItem { Url = "https://example.com/stored", Title = "from the store" }])),
        };

        await Run.WithAsync(repository, "-o", folder.File("x.eml"));

        Eml eml = Eml.Load(folder.File("x.eml"));
        Assert.Contains("from the store", eml.Plain, StringComparison.Ordinal);
        Assert.DoesNotContain("coffee", eml.Plain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DigestItemOutcome.Failed, "WARNING Not stored (Unavailable)", "run the same command again")]
    [InlineData(DigestItemOutcome.Skipped, "WARNING Switched off (the store is disabled).", "run the same command again")]
    [InlineData(DigestItemOutcome.Rejected, "WARNING Not stored (no item is valid)", "only the feeds can mend that")]
    public async Task When_nothing_is_stored_the_email_is_written_with_a_warning(DigestItemOutcome outcome, string warning, string remedy)
    {
        using var folder = new TemporaryFolder();
        var repository = new FakeRepository
        {
            Store = (items, _) => FakeRepository.All(items, outcome, outcome == DigestItemOutcome.Failed ? [Outage] : []),
            Get = (_, _) => throw new InvalidOperationException("A store that failed is not read."),
        };

        Run run = await Run.WithAsync(repository, "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains(warning, run.Words, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Words, StringComparison.Ordinal);
        Assert.Contains("coffee machine", Eml.Load(folder.File("x.eml")).Plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_only_the_reading_fails_the_email_is_written_with_a_warning()
    {
        using var folder = new TemporaryFolder();
        var repository = new FakeRepository { Get = (_, _) => throw new DigestStoreException(DigestStoreErrorReason.Throttled, "The table admits nothing.") };

        Run run = await Run.WithAsync(repository, "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("WARNING Not read back (Throttled): The table admits nothing.", run.Words, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("x.eml")));
    }

    [Fact]
    public async Task A_repository_that_throws_does_not_stop_the_email()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.StartAsync(["-o", folder.File("x.eml")], services =>
            services.Replace(ServiceDescriptor.Singleton<IDigestRepository>(_ => throw new InvalidOperationException("cannot be made"))));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("WARNING Not stored (InvalidOperationException): cannot be made", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_that_is_not_the_users_does_not_stop_the_email()
    {
        using var folder = new TemporaryFolder();
        var cannotStore = new FakeRepository { Store = (_, _) => throw new OperationCanceledException("a time limit of its own") };
        var cannotRead = new FakeRepository { Get = (_, _) => throw new TaskCanceledException("a time limit of its own") };

        Run notStored = await Run.WithAsync(cannotStore, "-o", folder.File("x.eml"));
        Run notReadBack = await Run.WithAsync(cannotRead, "-o", folder.File("y.eml"));

        Assert.Equal((ExitCode.EmailSent, ExitCode.EmailSent), (notStored.ExitCode, notReadBack.ExitCode));
        Assert.Contains("WARNING Not stored (OperationCanceledException): a time limit of its own", notStored.Error, StringComparison.Ordinal);
        Assert.Contains("WARNING Not read back (TaskCanceledException): a time limit of its own", notReadBack.Error, StringComparison.Ordinal);
        Assert.Contains("coffee machine", Eml.Load(folder.File("x.eml")).Plain, StringComparison.Ordinal);
        Assert.Contains("coffee machine", Eml.Load(folder.File("y.eml")).Plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Earlier_items_that_cannot_be_replayed_do_not_make_this_run_one_that_is_not_stored()
    {
        using var folder = new TemporaryFolder();
        string[] common = ["--date", "2026-11-21", "-o", folder.File("x.eml"), "--dead-letters", folder.File("letters"), "--endpoint", "http://127.0.0.1:1"];

        Run run = await Run.StartAsync(common, static services => services
            .Replace(ServiceDescriptor.Singleton<IDigestRepository>(new FakeRepository()))
            .Replace(ServiceDescriptor.Singleton<IDeadLetterSource>(new BrokenSource())));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("Stored: 36 inserted", run.Words, StringComparison.Ordinal);
        Assert.Contains($"WARNING Items of earlier runs in {folder.File("letters")} not replayed (IOException): The disk is gone.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Not stored", run.Words, StringComparison.Ordinal);
        Assert.Contains("3. Read back", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_lost_entries_is_told_on_standard_error_and_its_oddities_are_not()
    {
        using var folder = new TemporaryFolder();
        const string Item = "<item><title>t</title><link>/a</link></item>";
        string much = folder.File("much.xml", $"<rss version=\"2.0\"><channel>{string.Concat(Enumerable.Repeat(Item, FeedLimits.Entries + 1))}</channel></rss>");
        string half = folder.File("half.json", "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"url\":\"https://example.com/\",\"title\":\"t\"},{");
        string odd = folder.File("odd.xml", $"<rss version=\"2.0\"><channel>{Item}</channel></rss>");

        Run run = await Run.WithAsync(new FakeRepository(), much, half, odd, "--max", "20000", "--quiet", "-o", folder.File("x.eml"));
        Run all = await Run.WithAsync(new FakeRepository(), odd, "-o", folder.File("x.eml"));

        Assert.Equal(2, run.Error.Split('\n').Count(line => line.StartsWith("WARNING", StringComparison.Ordinal)));
        Assert.Contains($"WARNING {much}: beyond a limit: more than 10,000 entries; what comes before is kept; ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"WARNING {half}: malformed JSON, kept the 1 entries before the error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("  - entry 1: relative link in a feed that has no address", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problems_of_a_kind_are_one_line_that_names_the_first_item()
    {
        using var folder = new TemporaryFolder();
        var repository = new FakeRepository
        {
            Store = (items, _) => FakeRepository.All(
                items,
                DigestItemOutcome.Inserted,
                new StoreProblem { Index = 1, Outcome = DigestItemOutcome.Rejected, Reason = StoreProblemReason.UrlTooLong, Message = "Too long." },
                new StoreProblem { Index = 2, Outcome = DigestItemOutcome.Rejected, Reason = StoreProblemReason.UrlTooLong, Message = "Too long." }),
        };

        Run run = await Run.WithAsync(repository, "-o", folder.Path);

        Assert.Contains("2 items, among them item 2 “Idempotency keys, explained with a coffee machine”: UrlTooLong: Too long.", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_comes_before_what_was_rejected_with_its_whole_message()
    {
        using var folder = new TemporaryFolder();
        string cause = $"Connection refused: nothing listens at 127.0.0.1:9. {string.Join(' ', Enumerable.Repeat("And so on.", 50))} The end.";
        StoreProblem[] rejected = [.. Enumerable.Range(0, 12).Select(index => new StoreProblem { Index = index, Outcome = DigestItemOutcome.Rejected, Reason = StoreProblemReason.UrlTooLong, Message = $"Too long by {index}." })];
        var repository = new FakeRepository
        {
            Store = (items, _) => FakeRepository.All(
                items,
                DigestItemOutcome.Failed,
                [.. rejected, new StoreProblem { Index = 20, Outcome = DigestItemOutcome.Failed, Reason = StoreProblemReason.Unavailable, Message = cause }]),
        };

        Run run = await Run.WithAsync(repository, "-o", folder.Path);

        Assert.Contains($"Unavailable: {cause} - item 1 ", run.Words, StringComparison.Ordinal);
        Assert.Contains($"WARNING Not stored (Unavailable): {cause} Correlation id ", run.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DigestItemOutcome.Failed)]
    [InlineData(DigestItemOutcome.Skipped)]
    public async Task Requests_that_stored_nothing_are_no_saving(DigestItemOutcome outcome)
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.WithAsync(new FakeRepository { Store = (items, _) => FakeRepository.All(items, outcome) }, "-o", folder.Path);

        Assert.Contains("3 requests for 36 items (0 retries)", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("saved", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_has_the_id_that_the_log_is_searched_for_also_when_the_rest_is_not_printed()
    {
        using var folder = new TemporaryFolder();
        var failed = StoreResult.Create([DigestItemOutcome.Failed], new StoreResultDetails { Problems = [Outage], CorrelationId = "0af7651916cd43dd8448eb211c80319c" });

        Run run = await Run.WithAsync(new FakeRepository { Store = (_, _) => failed }, "--quiet", "-o", folder.File("x.eml"));
        Run thrown = await Run.WithAsync(new FakeRepository { Get = (_, _) => throw new InvalidOperationException("Odd.") }, "--quiet", "-o", folder.File("x.eml"));

        Assert.Contains("Correlation id 0af7651916cd43dd8448eb211c80319c.", run.Words, StringComparison.Ordinal);
        Assert.Matches(@"Odd\. Correlation id [0-9a-f]{32}\.", thrown.Words);
    }

    [Fact]
    public async Task Feeds_that_cannot_be_read_are_reported_and_the_others_are_used()
    {
        using var folder = new TemporaryFolder();
        var repository = new FakeRepository();

        Run run = await Run.WithAsync(
            repository,
            folder.File("missing.xml"),
            folder.Path,
            folder.File("page.html", "<html></html>"),
            folder.File("half.xml", "<rss version=\"2.0\"><channel><item><title>t</title><link>https://example.com/</link></item><item>"),
            "http://127.0.0.1:1/feed.xml",
            "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("no such file", run.Words, StringComparison.Ordinal);
        Assert.Contains("a folder; name the files in it", run.Words, StringComparison.Ordinal);
        Assert.Contains("not a feed: the document is <html>", run.Words, StringComparison.Ordinal);
        Assert.Contains("it ends within <item>, and half an entry is left out", run.Words, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:1/feed.xml: not reachable", run.Words, StringComparison.Ordinal);
        Assert.Equal("t", Assert.Single(repository.Received).Title);
    }

    [Theory]
    [InlineData("", "new,undated")]
    [InlineData("--since 7", "new,undated")]
    [InlineData("--since 8", "new,old,undated")]
    [InlineData("--since 2026-11-13", "new,old,undated")]
    [InlineData("--since 2026-11-14", "new,undated")]
    [InlineData("--since all", "ancient,new,old,undated")]
    [InlineData("--since 9999999", "ancient,new,old,undated")]
    [InlineData("--since all --max 1", "new")]
    [InlineData("--since all --max 3", "ancient,new,old")]
    public async Task A_first_run_does_not_mail_what_is_old_or_too_much(string args, string expected)
    {
        using var folder = new TemporaryFolder();
        string feed = folder.File("x.xml", """
            <rss version="2.0"><channel><title>S</title>
              <item><title>ancient</title><link>https://example.com/1</link><pubDate>Sat, 01 Jan 2000 00:00:00 GMT</pubDate></item>
              <item><title>new</title><link>https://example.com/2</link><pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate></item>
              <item><title>old</title><link>https://example.com/3</link><pubDate>Fri, 13 Nov 2026 23:59:59 GMT</pubDate></item>
              <item><title>undated</title><link>https://example.com/4</link></item>
            </channel></rss>
            """);
        var repository = new FakeRepository();

        Run run = await Run.WithAsync(repository, [feed, "--date", "2026-11-21", .. args.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-o", folder.File("x.eml")]);

        Assert.Equal(expected, string.Join(',', repository.Received.Select(item => item.Title)));
        Assert.Equal(expected.Split(',').Length < 4, run.Output.Contains("Left out: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_left_out_is_said_with_the_option_that_takes_it()
    {
        using var folder = new TemporaryFolder();
        string feed = folder.File("x.xml", "<rss version=\"2.0\"><channel><item><title>t</title><link>https://example.com/1</link><pubDate>Sat, 01 Jan 2000 00:00:00 GMT</pubDate></item></channel></rss>");

        Run run = await Run.ProgramAsync(feed, "--date", "2026-11-21", "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.NothingToSend, run.ExitCode);
        Assert.Contains("Left out: 1 link published before 2026-11-14; --since takes older ones.", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_named_with_what_to_do()
    {
        const string Nowhere = "/proc/digest/";

        Run run = await Run.WithAsync(new FakeRepository(), "--quiet", "-o", Nowhere);

        Assert.Equal(ExitCode.EmailNotSent, run.ExitCode);
        Assert.StartsWith($"ERROR The email could not be written to {Nowhere}digest-", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("Make its folder writable, or name another file or folder with --output.", run.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_never_answers_is_told_plainly()
    {
        await using ScriptedEndpoint database = ScriptedEndpoint.Start();
        database.On("CreateTable").Answer(DigestStore.TestSupport.Fault.Stall());
        database.On("DescribeTable").Answer(DigestStore.TestSupport.Fault.Stall());
        using var folder = new TemporaryFolder();
        var clock = new VirtualTimeProvider();

        Exception late = await Assert.ThrowsAsync<TimeoutException>(() => clock.RunAsync(TableSetup.EnsureAsync(
            new DigestStoreOptions { ServiceUrl = database.Uri.AbsoluteUri, TableName = "digests" }, isLocal: true, clock, CancellationToken.None)));

        Assert.Contains($"{database.Uri.AbsoluteUri} did not answer in time (15 s a request, 20 s in all).", late.Message, StringComparison.Ordinal);
        Assert.Contains("run the same command again", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_email_that_cannot_be_written_is_the_one_failure()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("a-file", "");

        Run run = await Run.WithAsync(new FakeRepository(), "-o", Path.Combine(file, "x.eml"));

        Assert.Equal(ExitCode.EmailNotSent, run.ExitCode);
        Assert.Contains("ERROR The email could not be written to", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--date 21.11.2026", "'21.11.2026' is not a day")]
    [InlineData("--endpoint localhost:8000", "'localhost:8000' is not an http or https address")]
    [InlineData("--to nobody", "--to: 'nobody' is not an email address")]
    [InlineData("--from grüße@example.com", "--from: 'grüße@example.com' has letters outside of ASCII before the @")]
    [InlineData("--to a@example.com --to ü@example.com", "--to: 'ü@example.com' has letters outside of ASCII before the @")]
    [InlineData("--to a@ü..example", "'a@ü..example' is not an email address")]
    [InlineData("--max 0", "'0' is not a number of links")]
    [InlineData("--again-after 401", "'401' is not a number of days from 0 to 400")]
    [InlineData("--smtp localhost --from a@example.com --to b@example.com", "'localhost' is not a mail server; write its name and its port")]
    [InlineData("--smtp localhost:25 --to a@example.com", "name the sender with --from and each recipient with --to")]
    [InlineData("--wait soon", "'soon' is not a number of seconds from 0 to 86400")]
    [InlineData("--since yesterday", "'yesterday' is neither a number of days, nor a day")]
    [InlineData("--since -3", "-3")]
    [InlineData("ftp://example.com/x", "feeds are read from files, http and https")]
    [InlineData("--wrong", "--wrong")]
    public async Task Wrong_arguments_are_named_and_nothing_is_done(string args, string message)
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.WithAsync(new FakeRepository(), [.. args.Split(' '), "-o", folder.File("x.eml")]);

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains("ERROR", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Words, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.eml")));
    }

    [Fact]
    public async Task Help_has_examples_and_the_exit_codes()
    {
        Run run = await Run.ProgramAsync("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"{ExitCode.NothingToSend} there was nothing to send", run.Output, StringComparison.Ordinal);
        Assert.Contains("8 MB after decompression, 15 s to fetch it and 10 s to parse it", run.Output, StringComparison.Ordinal);
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317", run.Output, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project samples/EmailDigest -- --endpoint http://localhost:8000", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--create-table", "ERROR --create-table is for DynamoDB: add --endpoint, --region or --table, or leave it out.")]
    [InlineData("--memory --create-table", "ERROR --memory stores in memory, and --create-table does not go with that; leave one of them out.")]
    [InlineData("--memory --dead-letters letters", "ERROR --memory stores in memory, and --dead-letters does not go with that; leave one of them out.")]
    [InlineData("--fault flaky --dead-letters letters", "ERROR --fault flaky stores in memory, and --dead-letters does not go with that; leave one of them out.")]
    [InlineData("--fault flaky --file digests.db", "ERROR --fault flaky stores in memory, and --file does not go with that; leave one of them out.")]
    [InlineData("--memory --table digests", "ERROR --memory stores in memory, and --table or DigestStore__TableName does not go with that; leave one of them out.")]
    [InlineData("--file digests.db --region eu-central-1", "ERROR --file stores in a file, and --region or DigestStore__Region does not go with that; leave one of them out.")]
    public async Task Options_that_name_two_stores_or_are_for_another_one_are_refused(string args, string message)
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync([.. args.Split(' '), "-o", folder.File("x.eml")]);

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains(message, run.Words, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Quiet_leaves_the_path_of_the_email_and_warnings()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.WithAsync(new FakeRepository(), "--quiet", "-o", folder.File("x.eml"));

        Assert.StartsWith("Written: ", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_run_before_the_email()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var repository = new FakeRepository
        {
            Before = token =>
            {
                stop.Cancel();
                return Task.Delay(Timeout.Infinite, token);
            },
        };

        Run run = await Run.StartAsync(["-o", folder.File("x.eml")], services => services.Replace(ServiceDescriptor.Singleton<IDigestRepository>(repository)), stop.Token);

        Assert.Equal("WARNING Stopped before the email was sent.", run.Error.Trim());
        Assert.Equal(ExitCode.Stopped, run.ExitCode);
        Assert.False(File.Exists(folder.File("x.eml")));
    }
}
