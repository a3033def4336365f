using Spectre.Console;

namespace EmailDigest.Present;

/// <summary>The consoles: colours for a person, plain lines for a file or a pipe. Warnings and errors go to standard error.</summary>
internal sealed record Terminal(IAnsiConsole Out, IAnsiConsole Err)
{
    // Of output that is not a terminal no line is ever broken.
    private const int PlainWidth = 1_000_000;

    public static Terminal ForThisProcess()
    {
        if (Console.IsOutputRedirected || Console.IsErrorRedirected)
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        return new Terminal(
            Console.IsOutputRedirected ? Plain(Console.Out) : AnsiConsole.Console,
            Console.IsErrorRedirected ? Plain(Console.Error) : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));
    }

    public static IAnsiConsole Plain(TextWriter writer)
    {
        var settings = new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) };
        IAnsiConsole console = AnsiConsole.Create(settings);
        console.Profile.Width = PlainWidth;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    public void Warning(string text) => Err.MarkupLine("[yellow]WARNING[/] " + Markup.Escape(text));
    public void Error(string text) => Err.MarkupLine("[red]ERROR[/] " + Markup.Escape(text));
}
