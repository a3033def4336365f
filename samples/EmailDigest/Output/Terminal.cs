using System.Text;
using Spectre.Console;

namespace EmailDigest.Output;

/// <summary>The console: colours and bars for a person, plain lines of a sane width for a file or a pipe.</summary>
internal static class Terminal
{
    private const int PlainWidth = 140;

    public static IAnsiConsole ForThisProcess()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return Plain(Console.Out);
    }

    public static IAnsiConsole Plain(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = PlainWidth;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    public static void Line(this IAnsiConsole console, string text) => console.WriteLine(text);

    public static void Warning(this IAnsiConsole console, string text) => console.MarkupLine("[yellow]WARNING[/] " + Markup.Escape(text));

    public static void Error(this IAnsiConsole console, string text) => console.MarkupLine("[red]ERROR[/] " + Markup.Escape(text));
}
